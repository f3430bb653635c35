//! What can be chosen of a product: shared by the whole shop, or of one product alone.

use std::sync::{Arc, LazyLock};

use crate::model::product::slug;

/// A choosable attribute. Id 0 is one that belongs to the product alone.
#[derive(Debug, PartialEq, Eq)]
pub struct Attribute {
    pub id: u64,
    pub name: Arc<str>,
    pub slug: Arc<str>,
    pub options: Vec<Choosable>,
    /// Whether variations choose among its options.
    pub is_of_variations: bool,
}

/// One value of an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choosable {
    pub name: Arc<str>,
    pub slug: Arc<str>,
}

/// An attribute value that makes a variation: colour red.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub attribute: Arc<Attribute>,
    pub option: Choosable,
}

impl Attribute {
    /// One of a product's own, with these options.
    #[must_use]
    pub fn own(name: &str, options: &[&str], is_of_variations: bool) -> Self {
        // What is typed for one product is its own slug.
        let option = |text: &&str| Choosable { name: (*text).into(), slug: (*text).into() };
        let options = options.iter().map(option).collect();
        Self { id: 0, name: name.into(), slug: slug(name).into(), options, is_of_variations }
    }

    /// A shared one with fewer of its options, or none of them.
    #[must_use]
    pub fn with_options(&self, wanted: &[&str], is_of_variations: bool) -> Self {
        let is_wanted = |option: &&Choosable| wanted.contains(&&*option.name) || wanted.contains(&&*option.slug);
        let options = self.options.iter().filter(is_wanted).cloned().collect();
        Self { id: self.id, name: self.name.clone(), slug: self.slug.clone(), options, is_of_variations }
    }
}

/// The attribute that all of a shop's products share.
pub static COLOR: LazyLock<Arc<Attribute>> = LazyLock::new(|| {
    let option = |name: &str, slug: &str| Choosable { name: name.into(), slug: slug.into() };
    Arc::new(Attribute {
        id: 1,
        name: "Color".into(),
        slug: "pa_color".into(),
        options: vec![option("Blue", "blue"), option("Red", "red"), option("Yeşil", "yesil")],
        is_of_variations: true,
    })
});

/// An attribute that products bring along themselves.
pub static SIZE: LazyLock<Arc<Attribute>> = LazyLock::new(|| Arc::new(Attribute::own("Size", &["S", "M"], true)));
