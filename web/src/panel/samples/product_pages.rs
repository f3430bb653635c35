//! The pages on which a product is made.

use askama::Template as _;
use storewire_domain::{
    RemoteId, StoreId,
    intent::{NewAttribute, NewChoice, NewKind, NewProduct, NewVariation},
};

use super::{
    data::{Cast, id},
    engine_data::store,
    pages::frame,
};
use crate::panel::{
    products::draft::ProductDraft,
    url,
    view::{Choice, NewProductForm, NewProductPage},
    words::Words,
};

fn stores(cast: Cast) -> Vec<Choice> {
    let choice = |n: u32| Choice { value: n.to_string(), label: cast.say("Copper & Clay"), is_chosen: false };
    vec![choice(1), choice(2)]
}

/// A form that came back.
pub fn new(cast: Cast) -> String {
    let t = Words::default();
    let draft = ProductDraft {
        deed: id(77),
        name: cast.say("Stoneware mug"),
        sku: cast.say("MUG-03"),
        is_variable: true,
        regular: cast.say("420"),
        long: cast.say("Fired twice.\n\nDishwasher safe."),
        categories: vec!["3".to_owned()],
        attributes: vec![(cast.say("Colour"), cast.say("Blue, Ochre")), (String::new(), String::new())],
        ..ProductDraft::begin(Some(StoreId(id(10))))
    };
    let categories = [(RemoteId::from(3), cast.say("Kitchen")), (RemoteId::from(5), cast.say("Gifts"))];
    let problem = Some(cast.say("Price: That is no amount."));
    let form = NewProductForm::new(&store(cast, 0), &categories, &draft, problem, &t);
    let frame = frame(cast, true, url::PRODUCTS, "product-new");
    NewProductPage { frame, stores: stores(cast), is_wish: false, form: Some(form), t }.render().unwrap()
}

/// Before a store is chosen.
pub fn which_store(cast: Cast) -> String {
    let frame = frame(cast, true, url::PRODUCTS, "product-new");
    NewProductPage { frame, stores: stores(cast), is_wish: true, form: None, t: Words::default() }.render().unwrap()
}

/// What a change on its way may be about to make.
pub fn new_product(cast: Cast) -> NewProduct {
    let attribute =
        NewAttribute { id: None, name: cast.say("Colour"), options: vec![cast.say("Blue")], for_variations: true };
    NewProduct {
        name: cast.say("Stoneware mug"),
        sku: String::new(),
        kind: NewKind::Variable,
        status: "draft".to_owned(),
        regular_price: None,
        sale_price: None,
        stock_quantity: None,
        short_description: String::new(),
        description: String::new(),
        categories: Vec::new(),
        attributes: vec![attribute],
        image_ids: Vec::new(),
    }
}

/// The same of a variation.
pub fn new_variation(cast: Cast) -> NewVariation {
    NewVariation {
        choices: vec![NewChoice { id: None, name: cast.say("Colour"), option: cast.say("Blue") }],
        sku: String::new(),
        regular_price: Some(9.into()),
        sale_price: None,
        stock_quantity: None,
    }
}
