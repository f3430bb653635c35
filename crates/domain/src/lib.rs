//! What the business means: types and rules. No I/O, no async, no SQL.

pub mod canonical;
pub mod change;
pub mod clock;
pub mod coupon;
pub mod customer;
pub mod delivery;
pub mod ids;
pub mod intent;
pub mod order;
pub mod product;
pub mod rehearsal;
pub mod remote;
pub mod retry;
pub mod role;
pub mod store;
pub mod sweep;
pub mod window;

pub use canonical::Canonical;
pub use change::{ChangeKind, Source};
pub use clock::Clock;
pub use coupon::Coupon;
pub use customer::{Address, Customer};
pub use delivery::{DeliveryTopic, TopicEvent};
pub use ids::{DeliveryId, OrderId, ProductId, RemoteId, SessionId, StoreId, TenantId, UserId};
pub use intent::{Edit, IntentState};
pub use order::{LineKind, Order, OrderLine, Refund};
pub use product::{ManageStock, Product};
pub use remote::Resource;
pub use role::{PlatformRole, ReadScope, RoleClass, TenantRole};
pub use store::{AuthScheme, StoreState};
pub use sweep::{DriftKind, DriftOutcome, Purpose};
