skip-to-content = Skip to content
nav-label = Main
nav-orders = Orders
nav-products = Products
nav-inventory = Inventory
nav-customers = Customers
nav-control = Control room
nav-stores = Stores
nav-changes = Changes
nav-requests = Requests
nav-returns = Returns
nav-deliveries = Deliveries
nav-dead-letters = Dead letters
role-platform-admin = Platform admin
role-platform-staff = Platform staff
role-merchant-admin = Merchant admin
role-merchant-user = Merchant user
theme-toggle = Switch between light and dark
nav-logout = Log out
read-only = The database takes no changes at the moment. What you see may be older than it looks; nothing can be changed until it does again.
keys-open = Keyboard shortcuts
keys-close = Close
keys-title = Keyboard shortcuts
keys-go = Go to { $page }
keys-next = Next row
keys-previous = Previous row
keys-enter = Open the row
keys-search = Search
keys-news = Show new rows
keys-pause = Pause or resume
keys-help = This list

filter-store = Store
filter-all-stores = All stores
filter-search = Search
filter-apply = Apply
filter-clear = Clear filters
pager-older = Older
pager-next = Next
pager-first = Back to the start
raw-title = Raw data from the store
raw-cut = Only the first part is shown.
body-title = Body as received

noun-order = Order
noun-product = Product
noun-variation = Variation
noun-coupon = Coupon
noun-customer = Customer

span-seconds = { $n } s
span-minutes = { $n } min
span-hours = { $n } h
span-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
  }
size-bytes = { $n } B
size-kilobytes = { $n } kB
