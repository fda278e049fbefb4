//! WebCrypto: keys that cannot leave the device, signatures by them, random bytes.

use super::js;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CryptoKey, SubtleCrypto};

/// A fresh key pair for ECDSA on P-256.
#[derive(Clone, Debug)]
pub struct KeyPair {
    /// Signs; cannot be exported, also not by this page.
    pub private: CryptoKey,
    /// The public point, SEC 1 uncompressed: 65 bytes.
    pub public: Vec<u8>,
}

/// Makes a key pair.
///
/// # Errors
/// What the browser says; without a secure context there is no WebCrypto at all.
pub async fn generate_key() -> Result<KeyPair, JsValue> {
    let subtle = subtle()?;
    let algorithm = js::object(&[("name", &"ECDSA".into()), ("namedCurve", &"P-256".into())]);
    let usages = Array::of1(&"sign".into());
    let pair = js::settle(subtle.generate_key_with_object(&algorithm, false, &usages)?).await?;
    let part = |name| js::get(&pair, name).ok_or_else(|| JsValue::from_str("no key"));
    let public: CryptoKey = part("publicKey")?.dyn_into()?;
    let raw = js::settle(subtle.export_key("raw", &public)?).await?;
    Ok(KeyPair {
        private: part("privateKey")?.dyn_into()?,
        public: Uint8Array::new(&raw).to_vec(),
    })
}

/// Signs with ECDSA and SHA-256: r and s, 32 bytes each.
///
/// # Errors
/// What the browser says.
pub async fn sign(key: &CryptoKey, message: &[u8]) -> Result<[u8; 64], JsValue> {
    let algorithm = js::object(&[("name", &"ECDSA".into()), ("hash", &"SHA-256".into())]);
    let message = Uint8Array::from(message);
    let signature =
        js::settle(subtle()?.sign_with_object_and_buffer_source(&algorithm, key, &message)?).await?;
    let signature = Uint8Array::new(&signature).to_vec();
    signature
        .try_into()
        .map_err(|_| JsValue::from_str("not a signature of 64 bytes"))
}

/// Random bytes.
///
/// # Errors
/// What the browser says.
pub fn random<const N: usize>() -> Result<[u8; N], JsValue> {
    let mut bytes = [0; N];
    window()?.crypto()?.get_random_values_with_u8_array(&mut bytes)?;
    Ok(bytes)
}

fn subtle() -> Result<SubtleCrypto, JsValue> {
    // Outside a secure context the property is undefined.
    let crypto = window()?.crypto()?;
    js::get(&crypto, "subtle")
        .map(JsCast::unchecked_into)
        .ok_or_else(|| JsValue::from_str("no WebCrypto: the page needs https"))
}

fn window() -> Result<web_sys::Window, JsValue> {
    web_sys::window().ok_or_else(|| JsValue::from_str("no window"))
}
