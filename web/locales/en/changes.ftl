changes-title = Changes
changes-all = All
changes-none = No change stands there
changes-empty = No changes yet
changes-empty-hint = What people change in orders, products and customers is followed here until the store says that it holds it.
new-changes = { $n ->
    [one] { $shown } new change
   *[other] { $shown } new changes
  }
intents-title = Changes on their way
intents-state = State
intents-facts = What is known of it
intent-waiting = Waiting
intent-sending = Sending
intent-unknown = Checking
intent-done = Done
intent-failed = Failed
intent-stock = Stock to { $value }
intent-price = Price to { $value }
intent-price-sale = Price to { $value }, on sale for { $sale }
intent-status = Status to { $value }
intent-categories = { $n ->
    [one] Into { $n } category
   *[other] Into { $n } categories
  }
intent-place = Order for { $name }
intent-text = New { $fields }
intent-trash = Into the trash
intent-create = New product: { $name }
intent-variation = New variation: { $name }
intent-note = Private note: { $text }
intent-note-customer = Note to the customer: { $text }
intent-tracking = Parcel { $number } with { $provider }
intent-customer = New { $fields }
intent-nothing = nothing
intent-present = The store held:
intent-busy = Asked…
intent-cancel = Take back
intent-retry = Try again
intent-asked = Asked
intent-by = By
intent-seen = What was seen
intent-before = In the store before
intent-sent = Last sent
intent-attempts = Times sent
intent-result = In the store afterwards
intent-ended = Ended

outcome-already = The store held it already; nothing was sent.
outcome-done = The store says: { $values }.
outcome-done-plain = The store holds it.
outcome-made = The store made it, with the number { $id }.
outcome-unknown = Sent, but the store’s answer did not arrive. It is being read to find out.
outcome-again = The store did not take it; it is tried again.
outcome-waits = It waits: { $reason }.
outcome-conflict = Somebody changed it in the store meanwhile, so nothing was overwritten. Look again and decide.
outcome-not-kept = The store took it and then held something else; a plugin may decide there.
outcome-not-applied = The store did not take it, however often it was sent.
outcome-cancelled = Taken back before it was sent.
outcome-gone = The record is gone from the store.
outcome-bad-status = The store knows no such status.
outcome-unreadable = What the store holds could not be read.
outcome-refused = The store refused it: { $code }
outcome-failed-plain = It was given up on.

order-edit = Change this order
product-edit = Change this product
edit-send = Send to the store
edit-status = Set status
edit-note = New note
edit-note-customer = Mail it to the customer
edit-note-send = Add note
edit-provider = Carrier
edit-number = Tracking number
edit-link = Tracking link
edit-tracking = Add parcel
edit-stock = In stock
edit-stock-uncounted = The store does not count this product yet; a number makes it count.
edit-stock-send = Set stock
edit-price = Set prices
edit-categories = Set categories
edit-texts = Set texts
edit-variation = Add variation
edit-copy = Copy
edit-trash = Yes, into the trash
field-tracking = Parcel
field-short-description = Short description
field-description = Description
