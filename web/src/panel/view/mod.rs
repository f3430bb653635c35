//! What templates print: plain values made from rows, with every decision already taken.

mod address;
mod advice;
mod badge;
mod change;
mod connect;
pub mod filter;
pub mod fragment;
mod fresh;
mod icon;
mod line;
mod money;
pub mod order;
mod page;
mod product;
mod raw;
mod status;
mod stock;
mod store;
mod text;
mod when;

pub use advice::advice;
pub use badge::Badge;
pub use change::Change;
pub use connect::{ConnectForm, ConnectPage};
pub use filter::{Choice, Filter, Narrowing, Tab};
pub use fresh::Fresh;
pub use icon::Icon;
pub use line::{LineGroup, Sum};
pub use money::Money;
pub use order::{OrderHead, OrderRow, OrderView};
pub use page::{
    DemoPerson, ErrorPage, LoginPage, OrderPage, OrdersPage, ProductPage, ProductsPage, StorePage, StoresPage,
};
pub use product::{ProductRow, ProductView};
pub use raw::Raw;
pub use stock::Stock;
pub use store::StoreView;
pub use when::When;
