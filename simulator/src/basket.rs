//! What create checks: a sum, a currency, and items that make this sum.

use serde_json::{Value, json};

use crate::answer::Refusal;

/// Checks a request to create. Returns its basket as the API answers it, if it has one.
pub(crate) fn checked(request: &Value) -> Result<Option<Value>, Refusal> {
    let invalid = |text: &str| Refusal::invalid(text.to_owned());
    let sum = request["basket_info"]["sum"].as_i64().filter(|sum| *sum > 0);
    let sum = sum.ok_or_else(|| invalid("basket_info.sum is missing or not positive"))?;
    let currency = request["basket_info"]["currency"].as_str().unwrap_or_default();
    if currency.len() != 3 || !currency.bytes().all(|letter| letter.is_ascii_uppercase()) {
        return Err(invalid("basket_info.currency is not an ISO 4217 code"));
    }
    let basket = &request["basket"];
    if basket.is_null() {
        return Ok(None);
    }
    let products = basket["products"].as_array().ok_or_else(|| invalid("basket.products is missing"))?;
    let total = total(products).ok_or_else(|| invalid("an item lacks a whole quantity or priceOne"))?;
    if total != sum {
        return Err(Refusal::sum_differs(format!("The items make {total}, but basket_info.sum is {sum}")));
    }
    let answered: Vec<Value> = products.iter().map(as_answered).collect();
    Ok(Some(json!({"products": answered, "type": "default", "texts": []})))
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
