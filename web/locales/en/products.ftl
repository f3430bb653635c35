products-title = Products
products-caption = Products by name
products-stock = Stock
products-all = All
products-search = Search products
products-col-product = Product
products-col-store = Store
products-col-status = Status
products-col-price = Price
products-col-stock = Stock
products-col-saved = Updated
products-empty = No products yet
products-empty-hint = They appear here while the store is being read.
products-none = No products match
products-none-hint = Try another stock state, store or search.
product-no-name = Without a name
product-no-sku = No SKU
product-no-price = No price
product-variations = { $n ->
    [one] { $n } variation
   *[other] { $n } variations
  }
product-variations-title = Variations
product-col-variation = Variation
product-col-sku = SKU
product-about = About
product-kind = Type
product-categories = Categories
product-none = None
product-page = Page in the store
product-open = Open
product-parent = Belongs to
product-trashed = In the store’s trash
product-deleted = Deleted in the store

product-status-publish = Published
product-status-draft = Draft
product-status-pending = Pending review
product-status-private = Private
product-status-future = Scheduled
product-status-trash = Trash

stock-instock = In stock
stock-outofstock = Out of stock
stock-onbackorder = On backorder
stock-not-told = Not told
