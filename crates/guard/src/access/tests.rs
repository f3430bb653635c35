//! The table, read back row by row.

use uuid::Uuid;

use super::*;

fn viewer(standing: Standing) -> Viewer {
    Viewer {
        user_id: UserId(Uuid::from_u128(1)),
        session_id: SessionId(Uuid::from_u128(2)),
        email: "someone@example.test".into(),
        name: "Someone".into(),
        locale: None,
        standing,
    }
}

fn admin() -> Viewer {
    viewer(Standing::Platform { role: PlatformRole::Admin, stores: None })
}

fn staff(stores: Option<Vec<StoreId>>) -> Viewer {
    viewer(Standing::Platform { role: PlatformRole::Staff, stores })
}

fn merchant(role: TenantRole) -> Viewer {
    viewer(Standing::Tenant { tenant: TenantId(Uuid::from_u128(3)), role })
}

/// One character per action in the order of `Action::ALL`, a dot where it is not allowed.
fn row(viewer: &Viewer, area: Area) -> String {
    let letters = "VERCWATOSPN";
    let allowed = Action::ALL
        .iter()
        .zip(letters.chars())
        .map(|(action, letter)| if allowed(viewer, area, *action) { letter } else { '.' });
    allowed.collect()
}

#[test]
fn the_table_is_what_was_agreed() {
    let people = [admin(), staff(None), merchant(TenantRole::Admin), merchant(TenantRole::User)];
    let agreed = [
        (Area::Dashboard, ["V..........", "V..........", "V..........", "V.........."]),
        (Area::Stores, ["VE.....OSPN", "V......OSPN", "...........", "..........."]),
        (Area::Orders, ["VE.........", "VE.........", "V..........", "V.........."]),
        (Area::Products, ["VE.........", "VE.........", "V..........", "V.........."]),
        (Area::Customers, ["VE.........", "VE.........", "V..........", "V.........."]),
        (Area::Returns, ["VE.........", "VE.........", "V..........", "V.........."]),
        (Area::Inventory, ["VE...AT....", "VE...AT....", "V.R...T....", "V.........."]),
        (Area::Requests, ["V..C.A.....", "V..C.A.....", "V.RCW......", "V.RC......."]),
        (Area::Support, ["VE.C.......", "VE.C.......", "V.RC.......", "V.RC......."]),
        (Area::Users, ["VE.........", "...........", "VE.........", "..........."]),
        (Area::Policies, ["VE.........", "...........", "V..........", "..........."]),
        (Area::Keys, ["VE.........", "...........", "...........", "..........."]),
        (Area::System, ["VE.........", "...........", "...........", "..........."]),
        (Area::Audit, ["V..........", "...........", "V..........", "..........."]),
        (Area::Profile, ["VE.........", "VE.........", "VE.........", "VE........."]),
    ];
    assert_eq!(agreed.map(|(area, _)| area), Area::ALL);
    for (area, expected) in agreed {
        let found = people.each_ref().map(|person| row(person, area));
        assert_eq!(found, expected, "{area:?}");
    }
}

#[test]
fn staff_who_keep_some_stores_cannot_connect_one_they_would_not_see() {
    let keeper = staff(Some(vec![StoreId(Uuid::from_u128(4))]));
    assert!(!allowed(&keeper, Area::Stores, Action::Connect));
    assert!(allowed(&keeper, Area::Stores, Action::Sync));
}

#[test]
fn the_scope_follows_the_standing_and_an_admins_list_of_stores_narrows_nothing() {
    let store = StoreId(Uuid::from_u128(4));
    assert_eq!(admin().scope(), ReadScope::Platform { stores: None });
    let limited_admin = viewer(Standing::Platform { role: PlatformRole::Admin, stores: Some(vec![store]) });
    assert_eq!(limited_admin.scope(), ReadScope::Platform { stores: None });
    assert_eq!(staff(Some(vec![store])).scope(), ReadScope::Platform { stores: Some(vec![store]) });
    assert_eq!(staff(Some(vec![])).scope(), ReadScope::Platform { stores: Some(vec![]) });
    assert_eq!(merchant(TenantRole::Admin).scope(), ReadScope::Tenant(TenantId(Uuid::from_u128(3))));
    assert_eq!(admin().class(), RoleClass::Staff);
    assert_eq!(merchant(TenantRole::User).class(), RoleClass::Merchant);
}

#[test]
fn who_may_rehearse_watches_one_with_the_rights_of_staff_but_connects_nothing_there() {
    let rehearsal = TenantId::for_rehearsal();
    for person in [admin(), staff(None)] {
        assert!(may_rehearse(&person));
        let watching = person.watching(rehearsal).unwrap();
        assert_eq!(watching.scope(), ReadScope::Tenant(rehearsal));
        assert_eq!(watching.class(), RoleClass::Staff);
        assert_eq!(row(&watching, Area::Stores), "V......OSP.");
        assert_eq!(row(&watching, Area::Orders), "VE.........");
        assert_eq!(row(&watching, Area::Users), "...........");
        assert!(!may_rehearse(&watching) && watching.watching(rehearsal).is_none());
    }
    let keeper = staff(Some(vec![StoreId(Uuid::from_u128(4))]));
    for person in [keeper, merchant(TenantRole::Admin), merchant(TenantRole::User)] {
        assert!(!may_rehearse(&person));
        assert_eq!(person.watching(rehearsal), None);
    }
    assert_eq!(admin().watching(TenantId::fresh()), None, "a real tenant is nobody's rehearsal");
}

#[test]
fn only_a_merchants_user_sees_no_more_than_their_own_requests() {
    let user = merchant(TenantRole::User);
    assert_eq!(user.own(), Some(user.user_id));
    let rehearsing = admin().watching(TenantId::for_rehearsal()).unwrap();
    for other in [merchant(TenantRole::Admin), admin(), staff(None), rehearsing] {
        assert_eq!(other.own(), None, "{:?}", other.standing);
    }
}
