//! What create checks: a sum, a currency, a tip within the sum, and items that make this sum.

use serde_json::{Value, json};

use crate::model::answer::Refusal;

/// The kinds of items that the documentation knows.
const ITEM_TYPES: &[&str] =
    &["article", "coupon", "sub_transaction", "stakeholder_payment", "shipping", "subscription"];

/// Checks a request to create. Returns its basket as the API answers it, if it has one.
pub(crate) fn checked(request: &Value) -> Result<Option<Value>, Refusal> {
    let invalid = |text: &str| Refusal::invalid(text.to_owned());
    let sum = request["basket_info"]["sum"].as_i64().filter(|sum| *sum > 0);
    let sum = sum.ok_or_else(|| invalid("basket_info.sum is missing or not positive"))?;
    let currency = request["basket_info"]["currency"].as_str().unwrap_or_default();
    if currency.len() != 3 || !currency.bytes().all(|letter| letter.is_ascii_uppercase()) {
        return Err(invalid("basket_info.currency is not an ISO 4217 code"));
    }
    let gratuity = &request["basket_info"]["gratuity"];
    if !gratuity.is_null() && !gratuity.as_i64().is_some_and(|tip| (0..=sum).contains(&tip)) {
        return Err(invalid("basket_info.gratuity is no part of the sum"));
    }
    let basket = &request["basket"];
    if basket.is_null() {
        return Ok(None);
    }
    let products = basket["products"].as_array().ok_or_else(|| invalid("basket.products is missing"))?;
    products.iter().try_for_each(check_item).map_err(invalid)?;
    let total = total(products).ok_or_else(|| invalid("an item lacks a whole quantity or priceOne"))?;
    if total != sum {
        return Err(Refusal::sum_differs(format!("The items make {total}, but basket_info.sum is {sum}")));
    }
    let answered: Vec<Value> = products.iter().map(as_answered).collect();
    Ok(Some(json!({"products": answered, "type": "default", "texts": []})))
}

/// What an item is made of, sums aside.
fn check_item(product: &Value) -> Result<(), &'static str> {
    let group_is_whole =
        |group: &Value| group["id"].is_string() && group["desc"].is_string() && group["level"].is_i64();
    let groups = &product["group"];
    match () {
        () if !product["item_type"].as_str().is_some_and(|kind| ITEM_TYPES.contains(&kind)) => {
            Err("an item has no known item_type")
        }
        () if !groups.is_null() && !groups.as_array().is_some_and(|groups| groups.iter().all(group_is_whole)) => {
            Err("a group of an item lacks id, desc or level")
        }
        () => Ok(()),
    }
}

/// What the items make; a coupon lowers it, and a sub-basket counts by its own items.
fn total(products: &[Value]) -> Option<i64> {
    products.iter().try_fold(0_i64, |sum, product| {
        let price = match product["sub_basket"].as_array() {
            Some(items) => total(items)?,
            None => product["quantity"].as_i64()?.checked_mul(product["priceOne"].as_i64()?)?,
        };
        sum.checked_add(if product["item_type"] == "coupon" { price.checked_neg()? } else { price })
    })
}

/// The API adds what an item leaves out.
fn as_answered(product: &Value) -> Value {
    let mut product = product.clone();
    if let Some(fields) = product.as_object_mut() {
        for name in ["parent", "ean", "reference_id"] {
            fields.entry(name).or_insert(Value::Null);
        }
    }
    product
}
