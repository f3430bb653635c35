bulk-title = Change of many orders
bulk-pick = Choose order { $number }
bulk-chosen = chosen
bulk-set = Set status
bulk-done = Done
bulk-on-its-way = On its way
bulk-failed = Failed
bulk-refused = Left alone
bulk-changed = Its status is no longer the one that you saw.

edit-status-from = Status, now

charges-title = Charges
charges-hint = For staff only. Neither the merchant nor the buyer sees them.
charge-label = What for
charge-amount = Amount in { $currency }
charge-add = Charge
charge-end = Take back
charge-ended = taken back

shares-title = Link for the buyer
shares-hint = Shows the status, the items and the parcels of this order, without a login, for a while.
share-live = It lives
share-days =
    { $n ->
        [one] { $n } day
       *[other] { $n } days
    }
share-make = Make a link
share-made = The link is made
share-address = Address
share-once = Copy it now: it is not shown again.
share-until = It opens the order until
share-over = Ended
share-looks =
    { $n ->
        [0] never opened
        [one] opened once
       *[other] opened { $n } times
    }
share-revoke = End it
share-back = Back to the order

shared-title = Your order
shared-ordered = Ordered
shared-items = What you ordered
shared-parcels = Parcels
shared-dates = Dates
shared-until = This link opens the order until
