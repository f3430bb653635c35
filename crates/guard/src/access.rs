//! Who may do what: the one table of roles, areas and actions, and whose rows a viewer reads.
//!
//! The table says what a role may do at all; which tenant's or stores' rows it may do it to is the scope's business,
//! which the database enforces. A tenant's own policy may narrow this later, never widen it.

use storewire_domain::{PlatformRole, ReadScope, RoleClass, SessionId, StoreId, TenantId, TenantRole, UserId};

/// A person who is logged in, as read from rows for this request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    pub user_id: UserId,
    pub session_id: SessionId,
    pub email: String,
    pub name: String,
    /// The language that the person chose, if any.
    pub locale: Option<String>,
    pub standing: Standing,
}

/// Where a person stands: over every real tenant, inside one, or, for as long as they watch it, inside a rehearsal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    Platform {
        role: PlatformRole,
        /// `None`: all stores.
        stores: Option<Vec<StoreId>>,
    },
    Tenant {
        tenant: TenantId,
        role: TenantRole,
    },
    /// One of the platform's people who watches a rehearsal: they see its twins and nothing real.
    Rehearsal {
        tenant: TenantId,
        role: PlatformRole,
    },
}

/// A part of the product that is allowed or hidden as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Area {
    Dashboard,
    Stores,
    Orders,
    Products,
    Customers,
    Returns,
    Inventory,
    Requests,
    Support,
    Users,
    Policies,
    Keys,
    System,
    Audit,
    Profile,
}

/// What somebody wants to do in an area.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    View,
    Edit,
    /// Ask staff for something.
    Request,
    Comment,
    /// Take back one's own request.
    Withdraw,
    /// Decide somebody else's request; never one's own.
    Approve,
    /// Set the stock level at which to warn.
    SetThreshold,
    /// Say who owns the fields of a store.
    SetOwner,
    Sync,
    Pause,
    Connect,
}

impl Area {
    /// Every area.
    pub const ALL: [Self; 15] = [
        Self::Dashboard,
        Self::Stores,
        Self::Orders,
        Self::Products,
        Self::Customers,
        Self::Returns,
        Self::Inventory,
        Self::Requests,
        Self::Support,
        Self::Users,
        Self::Policies,
        Self::Keys,
        Self::System,
        Self::Audit,
        Self::Profile,
    ];
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 11] = [
        Self::View,
        Self::Edit,
        Self::Request,
        Self::Comment,
        Self::Withdraw,
        Self::Approve,
        Self::SetThreshold,
        Self::SetOwner,
        Self::Sync,
        Self::Pause,
        Self::Connect,
    ];
}

impl Viewer {
    /// What this viewer's fragments may contain.
    #[must_use]
    pub fn class(&self) -> RoleClass {
        match self.standing {
            Standing::Platform { .. } | Standing::Rehearsal { .. } => RoleClass::Staff,
            Standing::Tenant { .. } => RoleClass::Merchant,
        }
    }

    /// Whose rows this viewer reads.
    #[must_use]
    pub fn scope(&self) -> ReadScope {
        match &self.standing {
            Standing::Platform { role: PlatformRole::Admin, .. } => ReadScope::Platform { stores: None },
            Standing::Platform { role: PlatformRole::Staff, stores } => ReadScope::Platform { stores: stores.clone() },
            Standing::Tenant { tenant, .. } | Standing::Rehearsal { tenant, .. } => ReadScope::Tenant(*tenant),
        }
    }

    /// Of what people ask for and talk about, whose alone this viewer sees: their own, if they are one of a merchant's users; `None` for all
    /// that is in sight.
    #[must_use]
    pub fn own(&self) -> Option<UserId> {
        matches!(self.standing, Standing::Tenant { role: TenantRole::User, .. }).then_some(self.user_id)
    }

    /// The same person, watching this rehearsal; `None` for who may not rehearse, and for a tenant that is a real one.
    #[must_use]
    pub fn watching(&self, tenant: TenantId) -> Option<Self> {
        let Standing::Platform { role, .. } = self.standing else { return None };
        let may = tenant.is_rehearsal() && may_rehearse(self);
        may.then(|| Self { standing: Standing::Rehearsal { tenant, role }, ..self.clone() })
    }
}

/// Whether `viewer` may rehearse: whoever may connect stores may connect twins of them.
#[must_use]
pub fn may_rehearse(viewer: &Viewer) -> bool {
    allowed(viewer, Area::Stores, Action::Connect)
}

/// Whether `viewer` may do `action` in `area` at all.
#[must_use]
pub fn allowed(viewer: &Viewer, area: Area, action: Action) -> bool {
    let actions = match &viewer.standing {
        Standing::Platform { role: PlatformRole::Admin, .. } => platform_admin(area),
        // A new store would be hidden from staff who keep only some, so these cannot connect one.
        Standing::Platform { role: PlatformRole::Staff, stores: Some(_) } if action == Action::Connect => &[],
        // The twins are all there is: no other store joins them, and settings are of the real world.
        Standing::Rehearsal { .. } if action == Action::Connect => &[],
        Standing::Platform { role: PlatformRole::Staff, .. } | Standing::Rehearsal { .. } => platform_staff(area),
        Standing::Tenant { role: TenantRole::Admin, .. } => merchant_admin(area),
        Standing::Tenant { role: TenantRole::User, .. } => merchant_user(area),
    };
    actions.contains(&action)
}

const fn platform_admin(area: Area) -> &'static [Action] {
    use Action::{Approve, Comment, Connect, Edit, Pause, SetOwner, SetThreshold, Sync, View};
    match area {
        Area::Dashboard | Area::Audit => &[View],
        Area::Stores => &[View, Edit, SetOwner, Sync, Pause, Connect],
        Area::Inventory => &[View, Edit, SetThreshold, Approve],
        Area::Requests => &[View, Comment, Approve],
        Area::Support => &[View, Edit, Comment],
        Area::Orders
        | Area::Products
        | Area::Customers
        | Area::Returns
        | Area::Users
        | Area::Policies
        | Area::Keys
        | Area::System
        | Area::Profile => &[View, Edit],
    }
}

const fn platform_staff(area: Area) -> &'static [Action] {
    use Action::{Connect, Pause, SetOwner, Sync, View};
    match area {
        Area::Stores => &[View, SetOwner, Sync, Pause, Connect],
        Area::Users | Area::Policies | Area::Keys | Area::System | Area::Audit => &[],
        Area::Dashboard
        | Area::Orders
        | Area::Products
        | Area::Customers
        | Area::Returns
        | Area::Inventory
        | Area::Requests
        | Area::Support
        | Area::Profile => platform_admin(area),
    }
}

const fn merchant_admin(area: Area) -> &'static [Action] {
    use Action::{Comment, Edit, Request, SetThreshold, View, Withdraw};
    match area {
        Area::Stores | Area::Keys | Area::System => &[],
        Area::Inventory => &[View, SetThreshold, Request],
        Area::Requests => &[View, Request, Comment, Withdraw],
        Area::Support => &[View, Request, Comment],
        Area::Users | Area::Profile => &[View, Edit],
        Area::Dashboard
        | Area::Orders
        | Area::Products
        | Area::Customers
        | Area::Returns
        | Area::Policies
        | Area::Audit => &[View],
    }
}

const fn merchant_user(area: Area) -> &'static [Action] {
    use Action::{Comment, Edit, Request, View};
    match area {
        Area::Stores | Area::Users | Area::Policies | Area::Keys | Area::System | Area::Audit => &[],
        Area::Requests | Area::Support => &[View, Request, Comment],
        Area::Profile => &[View, Edit],
        Area::Dashboard | Area::Orders | Area::Products | Area::Customers | Area::Returns | Area::Inventory => &[View],
    }
}

#[cfg(test)]
mod tests;
