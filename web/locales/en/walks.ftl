webhooks-title = Webhooks
webhooks-checked = In order as of
webhooks-unchecked = Not looked at yet
gap-none = They have come without a gap.
gap-open = what was missed is being read
gap-recovered = { $records } recovered
gap-nothing-missed = nothing was missed
gap-lasted = a gap of { $span }
gap-orders = { $n ->
    [one] { $n } order
   *[other] { $n } orders
  }
gap-products = { $n ->
    [one] { $n } product
   *[other] { $n } products
  }
gap-customers = { $n ->
    [one] { $n } customer
   *[other] { $n } customers
  }
gap-coupons = { $n ->
    [one] { $n } coupon
   *[other] { $n } coupons
  }
gap-disabled = Switched off by the store after failed deliveries
gap-paused = Paused in the store
gap-deleted = Deleted in the store
gap-moved = Pointing elsewhere
gap-owner = Running for a user without rights
gap-unknown = Not told what was wrong

walks-title = Walks over everything
walk-sweep = Sweep
walk-sweep-hint = Compares ids, states, totals, stock and prices: finds deletions and silent edits.
walk-reconcile = Reconcile
walk-reconcile-hint = Compares every record whole.
walk-under-way = Under way
walk-wanted = Wanted
walk-done = Done
walk-never = Not yet
walk-progress = { $done } of { $total } looked at
walk-checked = { $done } looked at
walk-drifted = { $n } differed

drift-title = Differences found
drift-caption = Differences between store and copy, newest first
drift-empty = No walk has found a difference.
drift-more = All differences
drift-record = Record
drift-what = Difference
drift-outcome = Outcome
drift-found = Found
drift-missing = We did not have it
drift-different = The contents differed
drift-extra = The store does not list it
drift-open = Being asked
drift-repaired = Repaired
drift-gone = Gone
drift-same = Healed meanwhile

settings-title = Settings
settings-goal = Its numbers may be this old (minutes)
settings-save = Save
settings-secret = New webhook secret
settings-secret-hint = If the secret may have become known, have the store sign with a new one. Both are taken for a day.
settings-secret-sure = Yes, make a new one
sources-title = Where its webhooks come from
sources-suspected = Another address sends with this store’s secret. It is probably a copy of the shop, such as a staging site; what it sent was set aside.
sources-letters = See what it sent
sources-accept = This is my store
sources-known = Known as this store
