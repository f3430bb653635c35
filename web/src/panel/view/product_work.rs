//! What staff may do with a product beyond its numbers: rewrite it, copy it, vary it, throw it away.

use storewire_db::ProductDetail;
use storewire_domain::{
    intent::{NewKind, TextField},
    prose,
};
use uuid::Uuid;

use super::{intent::text_label, text::plain};
use crate::{goods::Sheet, panel::words::Words};

/// The forms below those of a product's page.
#[derive(Clone, Debug)]
pub struct ProductWork {
    pub texts: Vec<TextInput>,
    /// What a new variation chooses among; none where there are no variations.
    pub options: Vec<OptionInput>,
    /// The name that a copy begins with; `None` where none can be made here.
    pub copy_name: Option<String>,
    /// Variations have no trash.
    pub can_trash: bool,
    /// So that a form that is sent twice makes one record.
    pub deed: Uuid,
}

/// One text, as a person would type it.
#[derive(Clone, Debug)]
pub struct TextInput {
    pub field: &'static str,
    pub label: String,
    pub value: String,
    /// More than a line.
    pub is_long: bool,
}

/// One attribute of a variable product.
#[derive(Clone, Debug)]
pub struct OptionInput {
    pub name: String,
    pub options: Vec<String>,
}

impl ProductWork {
    #[must_use]
    pub fn new(product: &ProductDetail, t: &Words) -> Self {
        let (summary, sheet) = (&product.summary, Sheet::of(&product.raw));
        let is_variation = summary.parent_id.is_some();
        let is_variable = summary.kind.starts_with(NewKind::Variable.as_str());
        let text = |field: TextField| TextInput {
            field: field.as_str(),
            label: text_label(field, t),
            value: match field {
                TextField::Name => plain(&summary.name),
                TextField::Sku => summary.sku.clone(),
                TextField::Short => prose::typed(sheet.short_description.as_deref().unwrap_or_default()),
                TextField::Long => prose::typed(sheet.description.as_deref().unwrap_or_default()),
            },
            is_long: matches!(field, TextField::Short | TextField::Long),
        };
        let has_text = |field: &TextField| !is_variation || field.is_of_variations();
        let chosen = sheet.attributes().into_iter().filter(|one| is_variable && one.for_variations);
        let can_copy = !is_variation && summary.kind.parse::<NewKind>().is_ok();
        Self {
            texts: TextField::ALL.iter().copied().filter(has_text).map(text).collect(),
            options: chosen.map(|one| OptionInput { name: one.name, options: one.options }).collect(),
            copy_name: can_copy.then(|| t.with("product-copy-name", "name", &plain(&summary.name))),
            can_trash: !is_variation,
            deed: Uuid::now_v7(),
        }
    }
}
