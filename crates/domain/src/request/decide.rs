//! Whether somebody may decide a request as it stands, and what an approval then has written. Pure.

use rust_decimal::Decimal;

use super::{Meaning, RequestRefusal, RequestState};
use crate::{
    Edit, UserId,
    intent::{FieldValue, Fields},
};

/// A request as far as it decides what may become of it.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    pub state: RequestState,
    pub version: i64,
    pub asked_by: UserId,
    pub edit: &'a Edit,
    /// What the asker saw.
    pub base: &'a Fields,
    /// What the store holds now.
    pub current: &'a Fields,
}

/// What somebody decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Approve(Meaning),
    Reject,
}

/// The edit that an approval has written; `None` for a rejection. `version` is the one that the decider saw.
///
/// # Errors
/// The first reason why not, the gravest first: one's own request is nobody's to look at twice.
pub fn decide(of: &Standing<'_>, by: UserId, version: i64, decision: Decision) -> Result<Option<Edit>, RequestRefusal> {
    if of.asked_by == by {
        return Err(RequestRefusal::FourEyes);
    }
    match of.state {
        RequestState::Waiting => {}
        RequestState::Withdrawn | RequestState::Expired => return Err(RequestRefusal::NotWaiting),
        _ => return Err(RequestRefusal::AlreadyDecided),
    }
    if of.version != version {
        return Err(RequestRefusal::Changed);
    }
    match decision {
        Decision::Reject => Ok(None),
        Decision::Approve(meaning) => approved(of, meaning).map(Some),
    }
}

/// What an approval has written if the quantity is meant so.
///
/// # Errors
/// `NoMeaning` or `BelowZero`.
pub fn approved(of: &Standing<'_>, meaning: Meaning) -> Result<Edit, RequestRefusal> {
    match meaning {
        Meaning::Absolute => Ok(of.edit.clone()),
        Meaning::Relative => relative(of),
    }
}

/// Whether the store holds something else than the asker saw.
#[must_use]
pub fn is_stale(base: &Fields, current: &Fields) -> bool {
    base != current
}

/// So many more or fewer than the asker saw, of what there is now.
fn relative(of: &Standing<'_>) -> Result<Edit, RequestRefusal> {
    let Edit::Stock { quantity } = of.edit else { return Err(RequestRefusal::NoMeaning) };
    let counted = |fields| count(fields).ok_or(RequestRefusal::NoMeaning);
    let (base, current) = (counted(of.base)?, counted(of.current)?);
    let added = quantity.checked_sub(base).and_then(|more| current.checked_add(more));
    let quantity = added.ok_or(RequestRefusal::NoMeaning)?;
    if quantity.is_sign_negative() && !quantity.is_zero() {
        return Err(RequestRefusal::BelowZero);
    }
    Ok(Edit::Stock { quantity: quantity.normalize() })
}

fn count(fields: &Fields) -> Option<Decimal> {
    match fields.get("stock_quantity")? {
        FieldValue::Text(text) => text.parse().ok(),
        FieldValue::Number(number) => Some(*number),
        FieldValue::List(_) | FieldValue::Nothing => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn count_of(quantity: i64) -> Fields {
        Fields::of("stock_quantity", FieldValue::number(Some(quantity.into())))
    }

    fn stock(quantity: i64) -> Edit {
        Edit::Stock { quantity: quantity.into() }
    }

    /// 20 wanted where there were 12, and by now 9.
    fn with_stock(check: impl FnOnce(Standing<'_>)) {
        let (edit, base, current) = (stock(20), count_of(12), count_of(9));
        check(Standing {
            state: RequestState::Waiting,
            version: 4,
            asked_by: UserId::fresh(),
            edit: &edit,
            base: &base,
            current: &current,
        });
    }

    const ABSOLUTE: Decision = Decision::Approve(Meaning::Absolute);
    const RELATIVE: Decision = Decision::Approve(Meaning::Relative);

    #[test]
    fn a_quantity_is_approved_as_that_number_or_as_that_many_more() {
        with_stock(|of| {
            let by = UserId::fresh();
            assert_eq!(decide(&of, by, 4, ABSOLUTE), Ok(Some(stock(20))));
            assert_eq!(decide(&of, by, 4, RELATIVE), Ok(Some(stock(17))));
            assert_eq!(decide(&of, by, 4, Decision::Reject), Ok(None));
            assert!(is_stale(of.base, of.current));
        });
    }

    #[test]
    fn nobody_decides_their_own_request_whatever_else_is_wrong_with_it() {
        with_stock(|of| {
            for &state in RequestState::ALL {
                for decision in [ABSOLUTE, RELATIVE, Decision::Reject] {
                    let of = Standing { state, ..of };
                    assert_eq!(decide(&of, of.asked_by, 9, decision), Err(RequestRefusal::FourEyes));
                }
            }
        });
    }

    #[test]
    fn what_is_decided_withdrawn_or_changed_is_not_decided() {
        with_stock(|of| {
            let by = UserId::fresh();
            for (state, refusal) in [
                (RequestState::Approved, RequestRefusal::AlreadyDecided),
                (RequestState::Applied, RequestRefusal::AlreadyDecided),
                (RequestState::Failed, RequestRefusal::AlreadyDecided),
                (RequestState::Rejected, RequestRefusal::AlreadyDecided),
                (RequestState::Withdrawn, RequestRefusal::NotWaiting),
                (RequestState::Expired, RequestRefusal::NotWaiting),
            ] {
                assert_eq!(decide(&Standing { state, ..of }, by, 4, ABSOLUTE), Err(refusal), "{state}");
            }
            assert_eq!(decide(&of, by, 3, Decision::Reject), Err(RequestRefusal::Changed));
        });
    }

    #[test]
    fn so_many_more_means_nothing_where_nothing_is_counted() {
        with_stock(|of| {
            let by = UserId::fresh();
            let uncounted = Fields::of("stock_quantity", FieldValue::Nothing);
            for of in [Standing { base: &uncounted, ..of }, Standing { current: &uncounted, ..of }] {
                assert_eq!(decide(&of, by, 4, RELATIVE), Err(RequestRefusal::NoMeaning));
                assert_eq!(decide(&of, by, 4, ABSOLUTE), Ok(Some(stock(20))));
            }
            let price = Edit::Price { regular: Some(3.into()), sale: None };
            assert_eq!(decide(&Standing { edit: &price, ..of }, by, 4, RELATIVE), Err(RequestRefusal::NoMeaning));
        });
    }

    proptest! {
        #[test]
        fn relative_is_what_there_is_and_the_difference_and_never_below_zero(
            base in 0_i64..2_000, wanted in 0_i64..2_000, current in 0_i64..2_000,
        ) {
            let (edit, base_fields, current_fields) = (stock(wanted), count_of(base), count_of(current));
            let of = Standing {
                state: RequestState::Waiting,
                version: 1,
                asked_by: UserId::fresh(),
                edit: &edit,
                base: &base_fields,
                current: &current_fields,
            };
            let result = current + wanted - base;
            let expected = if result < 0 { Err(RequestRefusal::BelowZero) } else { Ok(Some(stock(result))) };
            prop_assert_eq!(decide(&of, UserId::fresh(), 1, RELATIVE), expected);
            prop_assert_eq!(is_stale(&base_fields, &current_fields), base != current);
        }
    }
}
