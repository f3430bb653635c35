//! A file of counts, compared with what we hold before anything is written.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::{ImportFinding, check};
use crate::{ManageStock, ProductId};

/// One line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number in the file, for people.
    pub line: u32,
    pub sku: String,
    /// The count as it is written there.
    pub given: String,
    /// The count, if it can be read.
    pub wanted: Option<Decimal>,
}

/// What we hold of one product or variation that has the SKU of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub product: ProductId,
    pub sku: String,
    pub manage_stock: ManageStock,
    pub quantity: Option<Decimal>,
}

/// What one line comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The line's number.
    pub line: u32,
    pub finding: ImportFinding,
    /// The product that the line is about, if it is about one.
    pub product: Option<ProductId>,
    /// What we hold of it: the precondition of the write.
    pub present: Option<Decimal>,
}

/// Judges every line, in the lines' order. `held` is every product of the store, not deleted nor trashed, that has one of the SKUs; SKUs are
/// compared letter by letter, blanks around them aside.
#[must_use]
pub fn judge(lines: &[Line], held: &[Held]) -> Vec<Finding> {
    let mut times: HashMap<&str, usize> = HashMap::new();
    for line in lines {
        *times.entry(line.sku.trim()).or_default() += 1;
    }
    let mut holders: HashMap<&str, Vec<&Held>> = HashMap::new();
    for one in held {
        holders.entry(one.sku.trim()).or_default().push(one);
    }
    let judged = lines.iter().map(|line| {
        let sku = line.sku.trim();
        let is_doubled = times.get(sku).is_some_and(|times| *times > 1);
        let (finding, about) = judge_line(line, is_doubled, holders.get(sku).map_or(&[], Vec::as_slice));
        let (product, present) = (about.map(|held| held.product), about.and_then(|held| held.quantity));
        Finding { line: line.line, finding, product, present }
    });
    judged.collect()
}

/// What is wrong with the file is told before what is wrong with the product.
fn judge_line<'a>(line: &Line, is_doubled: bool, holders: &[&'a Held]) -> (ImportFinding, Option<&'a Held>) {
    if line.sku.trim().is_empty() {
        return (ImportFinding::Unknown, None);
    }
    if is_doubled {
        return (ImportFinding::Doubled, None);
    }
    let about = match one_of(holders) {
        Ok(about) => about,
        Err(finding) => return (finding, None),
    };
    let finding = match (line.wanted, about.manage_stock) {
        (Some(wanted), _) if check(wanted).is_err() => ImportFinding::BadNumber,
        (None, _) => ImportFinding::BadNumber,
        (_, ManageStock::No) => ImportFinding::NotCounted,
        (_, ManageStock::Parent) => ImportFinding::CountedByParent,
        (wanted, ManageStock::Yes) if wanted == about.quantity => ImportFinding::Same,
        (_, ManageStock::Yes) => ImportFinding::Change,
    };
    (finding, Some(about))
}

/// The one product that a SKU means. WooCommerce shows a variation without a SKU of its own under its parent's: where the parent counts for
/// all of them, the SKU means the parent.
fn one_of<'a>(holders: &[&'a Held]) -> Result<&'a Held, ImportFinding> {
    let mut counting = holders.iter().filter(|held| held.manage_stock != ManageStock::Parent);
    match (counting.next(), counting.next(), holders) {
        (Some(one), None, _) | (None, None, [one]) => Ok(one),
        (None, None, []) => Err(ImportFinding::Unknown),
        (None, None, _) => Err(ImportFinding::CountedByParent),
        (_, Some(_), _) => Err(ImportFinding::Ambiguous),
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, test_runner::RngSeed};

    use super::*;

    fn line(line: u32, sku: &str, given: &str) -> Line {
        Line { line, sku: sku.to_owned(), given: given.to_owned(), wanted: given.parse().ok() }
    }

    fn held(sku: &str, manage_stock: ManageStock, quantity: Option<&str>) -> Held {
        let quantity = quantity.map(|quantity| quantity.parse().unwrap());
        Held { product: ProductId::fresh(), sku: sku.to_owned(), manage_stock, quantity }
    }

    #[test]
    fn each_line_comes_to_one_thing() {
        use ImportFinding as F;
        let held = [
            held("TEE", ManageStock::Yes, Some("5")),
            held("CUP", ManageStock::Yes, Some("7.50")),
            held("NEW", ManageStock::Yes, None),
            held("GIFT", ManageStock::No, None),
            held("TEE-RED", ManageStock::Parent, None),
            held("TWIN", ManageStock::Yes, Some("1")),
            held("TWIN", ManageStock::No, None),
        ];
        let of = |at: usize| Some(held[at].product);
        for (sku, given, finding, product, present) in [
            ("TEE", "20", F::Change, of(0), Some("5")),
            (" CUP ", "7.5", F::Same, of(1), Some("7.5")),
            ("NEW", "0", F::Change, of(2), None),
            ("GIFT", "3", F::NotCounted, of(3), None),
            ("TEE-RED", "3", F::CountedByParent, of(4), None),
            ("TWIN", "3", F::Ambiguous, None, None),
            ("tee", "3", F::Unknown, None, None),
            ("", "3", F::Unknown, None, None),
            ("TEE", "many", F::BadNumber, of(0), Some("5")),
            ("TEE", "-1", F::BadNumber, of(0), Some("5")),
            ("TEE", "100000000000", F::BadNumber, of(0), Some("5")),
        ] {
            let present = present.map(|present| present.parse().unwrap());
            let found = judge(&[line(2, sku, given)], &held);
            assert_eq!(found, [Finding { line: 2, finding, product, present }], "{sku:?} {given}");
        }
    }

    #[test]
    fn a_sku_that_is_named_twice_is_written_for_none_of_its_lines() {
        let held = [held("TEE", ManageStock::Yes, Some("5")), held("CUP", ManageStock::Yes, Some("5"))];
        let found = judge(&[line(2, "TEE", "1"), line(3, "CUP", "1"), line(4, "TEE ", "x")], &held);
        let told: Vec<_> = found.iter().map(|found| (found.line, found.finding)).collect();
        assert_eq!(told, [(2, ImportFinding::Doubled), (3, ImportFinding::Change), (4, ImportFinding::Doubled)]);
    }

    #[test]
    fn variations_that_show_their_parents_sku_are_left_to_the_parent() {
        let parent = held("TEE", ManageStock::Yes, Some("5"));
        let red = held("TEE", ManageStock::Parent, Some("5"));
        let blue = held("TEE", ManageStock::Parent, Some("5"));
        let judge = |held: &[Held]| judge(&[line(2, "TEE", "9")], held)[0];
        let found = judge(&[red.clone(), parent.clone(), blue.clone()]);
        assert_eq!((found.finding, found.product), (ImportFinding::Change, Some(parent.product)));
        let found = judge(&[red.clone(), blue.clone()]);
        assert_eq!((found.finding, found.product), (ImportFinding::CountedByParent, None));
        let counted = held("TEE", ManageStock::Yes, Some("2"));
        assert_eq!(judge(&[red, parent, counted]).finding, ImportFinding::Ambiguous);
    }

    fn holdings() -> impl Strategy<Value = Held> {
        let counting = prop::sample::select(ManageStock::ALL.to_vec());
        let quantity = prop::option::of(-3_i64..6);
        ("[ABC]{1,2}", counting, quantity).prop_map(|(sku, manage_stock, quantity)| Held {
            product: ProductId::fresh(),
            sku,
            manage_stock,
            quantity: quantity.map(Decimal::from),
        })
    }

    fn lines() -> impl Strategy<Value = Vec<(String, Option<i64>)>> {
        prop::collection::vec(("[ABC]{0,2}", prop::option::of(-3_i64..6)), 0..20)
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            rng_seed: RngSeed::Fixed(10),
            failure_persistence: None,
            ..ProptestConfig::with_cases(2_000)
        })]

        #[test]
        fn no_product_is_written_twice_nor_one_that_does_not_count_nor_to_what_it_has(
            lines in lines(), held in prop::collection::vec(holdings(), 0..12),
        ) {
            let lines: Vec<Line> = lines.into_iter().zip(2..).map(|((sku, wanted), line)| {
                Line { line, sku, given: String::new(), wanted: wanted.map(Decimal::from) }
            }).collect();
            let found = judge(&lines, &held);
            prop_assert_eq!(found.len(), lines.len());
            let mut written = Vec::new();
            for (line, found) in lines.iter().zip(&found) {
                prop_assert_eq!(line.line, found.line);
                if found.finding != ImportFinding::Change { continue; }
                let about = held.iter().find(|held| Some(held.product) == found.product).unwrap();
                prop_assert_eq!((&about.sku, about.manage_stock, about.quantity), (&line.sku, ManageStock::Yes, found.present));
                prop_assert!(line.wanted != found.present && line.wanted.is_some_and(|wanted| wanted >= Decimal::ZERO));
                prop_assert!(!written.contains(&about.product));
                written.push(about.product);
            }
        }
    }
}
