live-connecting = Connecting…
live-catching = Catching up…
live-live = Live
live-paused = Paused
live-offline = Offline since { $time }
live-noscript = Reload the page to see changes
live-pause = Pause
live-resume = Resume
new-orders = { $n ->
    [one] { $shown } new order
   *[other] { $shown } new orders
  }
new-products = { $n ->
    [one] { $shown } new product
   *[other] { $shown } new products
  }
new-rows = { $n ->
    [one] { $shown } new row
   *[other] { $shown } new rows
  }
new-since = +{ $shown } new
asof-complete = Complete as of
asof-nothing = Nothing read yet
asof-importing = not read yet
