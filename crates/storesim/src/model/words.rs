//! The names the shops are filled with: Turkish and other letters, emoji, quotes, ampersands and ready-made entities.

use crate::model::product::Category;

pub const PRODUCTS: &[&str] = &[
    "Türk Kahvesi",
    "Rake & Hoe",
    "Kids' Puzzle",
    "Novel 📚",
    "Naïve Café Set",
    "Hoodie",
    "Çaydanlık",
    "Fish &amp; Chips Plate",
    "6\" Copper Nails",
    "İğne Oyası Şal",
    "Kettle",
    "抹茶 Bowl",
    "Mug <3",
    "Wool Socks 🧦",
    "Grinder",
    "T-Shirt",
];

pub const FIRST_NAMES: &[&str] =
    &["Ayşe", "Noor", "Şule", "O'Brien", "李", "Zoë", "Mehmet", "Thandi", "Jürgen", "Aroha", "İpek", "John \"Jack\""];

pub const LAST_NAMES: &[&str] = &[
    "Doe & Sons",
    "Ó Súilleabháin",
    "Yılmaz",
    "Smith",
    "Müller",
    "Nkosi",
    "田中",
    "al-Sabah",
    "Çelik",
    "Ngata",
    "O&#039;Hara",
    "García",
];

pub const NOTES: &[&str] =
    &["", "", "", "Lütfen kapıya bırakın\nLine 2 <b>bold</b>", "Gift 🎁 — no receipt, please", "Ring twice & wait", ""];

pub const REASONS: &[&str] = &["Item damaged — iade", "Changed mind", "Wrong size \"M\"", ""];

pub static CATEGORIES: [Category; 5] = [
    Category { id: 15, name: "Uncategorized", slug: "uncategorized" },
    Category { id: 17, name: "Kitchen", slug: "kitchen" },
    Category { id: 18, name: "Büro", slug: "buro" },
    Category { id: 22, name: "Books \"Used\"", slug: "books-used" },
    Category { id: 23, name: "Home & Garden", slug: "home-garden" },
];
