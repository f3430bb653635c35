//! What the business means: types and rules. No I/O, no async, no SQL.

pub mod amount;
pub mod attachment;
pub mod business_hours;
pub mod canonical;
pub mod change;
pub mod clock;
pub mod coupon;
pub mod customer;
pub mod delivery;
pub mod ids;
pub mod intent;
pub mod letter;
pub mod order;
pub mod owner;
pub mod product;
pub mod prose;
pub mod rehearsal;
pub mod remote;
pub mod request;
pub mod retry;
pub mod returns;
pub mod role;
pub mod stock;
pub mod store;
pub mod sweep;
pub mod ticket;
pub mod window;
pub mod zone;

pub use canonical::Canonical;
pub use change::{ChangeKind, Source};
pub use clock::Clock;
pub use coupon::Coupon;
pub use customer::{Address, Customer};
pub use delivery::{DeliveryTopic, TopicEvent};
pub use ids::{
    AttachmentId, DeliveryId, LetterId, OrderId, ProductId, RemoteId, RequestId, ReturnId, SessionId, StoreId,
    TenantId, TicketId, UserId,
};
pub use intent::{Edit, IntentState};
pub use order::{LineKind, Order, OrderLine, Refund};
pub use product::{ManageStock, Product};
pub use remote::Resource;
pub use role::{PlatformRole, ReadScope, RoleClass, TenantRole};
pub use store::{AuthScheme, StoreState};
pub use sweep::{DriftKind, DriftOutcome, Purpose};
