//! What PostgreSQL holds of a store, in the same lines as `projection.rs`.

use anyhow::Result;
use rust_decimal::Decimal;
use serde_json::Value;
use tokio_postgres::{Client, Row};
use uuid::Uuid;

use crate::{Side, projection::address};

pub(crate) async fn find_store(admin: &Client, home_url: &str) -> Result<Option<Uuid>> {
    let row = admin.query_opt("SELECT id FROM store WHERE rtrim(home_url, '/') = rtrim($1, '/')", &[&home_url]).await?;
    Ok(row.map(|row| row.get(0)))
}

pub(crate) async fn orders(admin: &Client, store: Uuid) -> Result<Side> {
    let sql = format!(
        "SELECT remote_id, id, number, status, currency, total, total_tax, shipping_total, discount_total,
            coalesce(customer_remote_id, '') AS customer, billing, shipping, payment_method, payment_method_title,
            transaction_id, created_via, customer_note,
            {}, {}, {}, {}
        FROM orders WHERE store_id = $1 AND deleted_at IS NULL",
        time("created_at"),
        time("remote_modified_at"),
        time("paid_at"),
        time("completed_at"),
    );
    let mut lines = grouped(
        admin.query("SELECT l.order_id, l.kind, l.remote_id, l.name, l.sku, coalesce(l.product_remote_id, '') AS product,
            coalesce(l.variation_remote_id, '') AS variation, l.quantity, l.subtotal, l.subtotal_tax, l.total, l.total_tax
            FROM order_line l JOIN orders o ON o.tenant_id = l.tenant_id AND o.id = l.order_id WHERE o.store_id = $1", &[&store])
            .await?,
        line,
    )?;
    let mut refunds = grouped(
        admin
            .query(
                &format!(
                    "SELECT r.order_id, r.remote_id, r.amount, r.reason, r.lines, {}
            FROM order_refund r JOIN orders o ON o.tenant_id = r.tenant_id AND o.id = r.order_id WHERE o.store_id = $1",
                    time("r.created_at")
                ),
                &[&store],
            )
            .await?,
        refund,
    )?;
    let mut side = Side::new();
    for row in admin.query(&sql, &[&store]).await? {
        let id: Uuid = row.get("id");
        let text = |name: &str| row.get::<_, Option<String>>(name).unwrap_or_default();
        let amount = |name: &str| row.get::<_, Decimal>(name).normalize().to_string();
        let parts = [
            text("number"),
            text("status"),
            text("currency"),
            amount("total"),
            amount("total_tax"),
            amount("shipping_total"),
            amount("discount_total"),
            text("customer"),
            address(&row.get("billing")),
            address(&row.get("shipping")),
            text("payment_method"),
            text("payment_method_title"),
            text("transaction_id"),
            text("created_via"),
            text("customer_note"),
            text("created_at"),
            text("remote_modified_at"),
            text("paid_at"),
            text("completed_at"),
            sorted(lines.remove(&id)),
            sorted(refunds.remove(&id)),
        ];
        side.insert(text("remote_id"), parts.join("|"));
    }
    Ok(side)
}

pub(crate) async fn products(admin: &Client, store: Uuid) -> Result<Side> {
    let sql = format!(
        "SELECT remote_id, coalesce(parent_remote_id, '') AS parent, kind, name, sku, status, price, regular_price, sale_price,
            manage_stock, stock_quantity, stock_status, backorders, permalink, {}, {}
        FROM product WHERE store_id = $1 AND deleted_at IS NULL",
        time("created_at"),
        time("remote_modified_at"),
    );
    let mut side = Side::new();
    for row in admin.query(&sql, &[&store]).await? {
        let text = |name: &str| row.get::<_, String>(name);
        let amount = |name: &str| {
            row.get::<_, Option<Decimal>>(name).map(|amount| amount.normalize().to_string()).unwrap_or_default()
        };
        let parts = [
            text("parent"),
            text("kind"),
            text("name"),
            text("sku"),
            text("status"),
            amount("price"),
            amount("regular_price"),
            amount("sale_price"),
            text("manage_stock"),
            amount("stock_quantity"),
            text("stock_status"),
            text("backorders"),
            text("permalink"),
            text("created_at"),
            text("remote_modified_at"),
        ];
        side.insert(text("remote_id"), parts.join("|"));
    }
    Ok(side)
}

pub(crate) async fn customers(admin: &Client, store: Uuid) -> Result<Side> {
    let sql = format!(
        "SELECT remote_id, email, name, username, role, billing, shipping, {}, {}
        FROM customer WHERE store_id = $1 AND deleted_at IS NULL",
        time("created_at"),
        time("remote_modified_at"),
    );
    let mut side = Side::new();
    for row in admin.query(&sql, &[&store]).await? {
        let text = |name: &str| row.get::<_, String>(name);
        let parts = [
            text("email"),
            text("name"),
            text("username"),
            text("role"),
            address(&row.get("billing")),
            address(&row.get("shipping")),
            text("created_at"),
            text("remote_modified_at"),
        ];
        side.insert(text("remote_id"), parts.join("|"));
    }
    Ok(side)
}

pub(crate) async fn coupons(admin: &Client, store: Uuid) -> Result<Side> {
    let sql = format!(
        "SELECT remote_id, code, discount_type, amount, status, {}, {}, {}
        FROM coupon WHERE store_id = $1 AND deleted_at IS NULL",
        time("created_at"),
        time("remote_modified_at"),
        time("expires_at"),
    );
    let mut side = Side::new();
    for row in admin.query(&sql, &[&store]).await? {
        let text = |name: &str| row.get::<_, String>(name);
        let parts = [
            text("code"),
            text("discount_type"),
            row.get::<_, Decimal>("amount").normalize().to_string(),
            text("status"),
            text("created_at"),
            text("remote_modified_at"),
            text("expires_at"),
        ];
        side.insert(text("remote_id"), parts.join("|"));
    }
    Ok(side)
}

/// A column as GMT wall time, the way shops write it; nothing where there is none.
fn time(column: &str) -> String {
    let name = column.rsplit('.').next().unwrap_or(column);
    format!("coalesce(to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS'), '') AS {name}")
}

type Grouped = std::collections::HashMap<Uuid, Vec<String>>;

fn grouped(rows: Vec<Row>, show: fn(&Row) -> Result<String>) -> Result<Grouped> {
    let mut groups = Grouped::new();
    for row in rows {
        groups.entry(row.get("order_id")).or_default().push(show(&row)?);
    }
    Ok(groups)
}

fn sorted(lines: Option<Vec<String>>) -> String {
    let mut lines = lines.unwrap_or_default();
    lines.sort_unstable();
    lines.join(";")
}

fn line(row: &Row) -> Result<String> {
    let text = |name: &str| row.get::<_, String>(name);
    let amount = |name: &str| row.get::<_, Decimal>(name).normalize().to_string();
    let quantity =
        row.get::<_, Option<Decimal>>("quantity").map(|count| count.normalize().to_string()).unwrap_or_default();
    Ok(shown(
        &text("kind"),
        &text("remote_id"),
        &text("name"),
        [text("sku"), text("product"), text("variation"), quantity, amount("subtotal"), amount("subtotal_tax")],
        [amount("total"), amount("total_tax")],
    ))
}

fn refund(row: &Row) -> Result<String> {
    let stored: Value = row.get("lines");
    let text = |line: &Value, name: &str| line[name].as_str().unwrap_or_default().to_owned();
    let amount = |line: &Value, name: &str| -> Result<String> {
        let text = text(line, name);
        Ok(if text.is_empty() { text } else { text.parse::<Decimal>()?.normalize().to_string() })
    };
    let mut lines = Vec::new();
    for line in stored.as_array().into_iter().flatten() {
        lines.push(shown(
            &text(line, "kind"),
            &text(line, "remote_id"),
            &text(line, "name"),
            [
                text(line, "sku"),
                text(line, "product"),
                text(line, "variation"),
                amount(line, "quantity")?,
                amount(line, "subtotal")?,
                amount(line, "subtotal_tax")?,
            ],
            [amount(line, "total")?, amount(line, "total_tax")?],
        ));
    }
    let given_back = row.get::<_, Decimal>("amount").normalize();
    let text = |name: &str| row.get::<_, String>(name);
    let (id, reason, created) = (text("remote_id"), text("reason"), text("created_at"));
    Ok(format!("{id},{given_back},{reason},{created},[{}]", sorted(Some(lines))))
}

/// Items show all their fields, other lines what the shop gives them.
fn shown(kind: &str, id: &str, name: &str, item: [String; 6], totals: [String; 2]) -> String {
    let totals = totals.join(",");
    if kind == "line_item" {
        format!("{kind},{id},{name},{},{totals}", item.join(","))
    } else {
        format!("{kind},{id},{name},{totals}")
    }
}
