//! Whom TLS trusts: who is vouched for by the system's roots, or by those in the till's own file. Verified always, by rustls
//! itself and without a question to anybody. A system's own verifier may ask over the network whether a certificate has been
//! revoked, through whatever firewall there is, and a payment would wait for that.

use std::sync::{Arc, Mutex, PoisonError};

use rustls::pki_types::CertificateDer;
use rustls::{CertificateError, ClientConfig, RootCertStore};

use crate::error::{Error, Result, Status};

/// How each connection is protected.
pub(super) struct Tls {
    extra_roots: Vec<CertificateDer<'static>>,
    is_used: bool,
    config: Mutex<ClientConfig>,
}

impl Tls {
    /// Reads the system's roots, if TLS `is_used`: on this machine's loopback nothing is to be verified.
    pub(super) fn new(is_used: bool, extra_roots: Vec<CertificateDer<'static>>) -> Result<Tls> {
        let config = Mutex::new(config(is_used, &extra_roots)?);
        Ok(Tls { extra_roots, is_used, config })
    }

    /// For one client.
    pub(super) fn config(&self) -> ClientConfig {
        self.config.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the system's roots again: somebody may have mended what a connection has failed for.
    pub(super) fn read_again(&self) {
        // Where that fails, those that were read before are as good as they were.
        if let Ok(config) = config(self.is_used, &self.extra_roots) {
            *self.config.lock().unwrap_or_else(PoisonError::into_inner) = config;
        }
    }
}

/// With the cryptography named here: the process-wide default provider is not ours to install.
fn config(is_used: bool, extra_roots: &[CertificateDer<'static>]) -> Result<ClientConfig> {
    let fail = |fault: String| Error::new(Status::Tls, format!("TLS cannot be set up: {fault}"));
    let mut roots = RootCertStore::empty();
    if is_used {
        for root in extra_roots {
            roots.add(root.clone()).map_err(|fault| fail(fault.to_string()))?;
        }
        let found = rustls_native_certs::load_native_certs();
        roots.add_parsable_certificates(found.certs);
        if roots.is_empty() {
            let why = found.errors.first().map_or("there are none".to_owned(), ToString::to_string);
            return Err(fail(format!("the system's roots cannot be read: {why}")));
        }
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().map_err(|fault| fail(fault.to_string()))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// What can be done where a connection has failed for its certificate.
pub(super) fn advice(fault: &rustls::Error) -> &'static str {
    match fault {
        rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) if cfg!(windows) => {
            "; Windows knows an issuer only after one of its own programs has met it: open the address once in a browser \
             on this machine, or give the issuer's certificate in a file (ca_file)"
        }
        _ => "",
    }
}

/// The certificates in a PEM file.
pub fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>> {
    use rustls::pki_types::pem::PemObject;
    let found: std::result::Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match found {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        Ok(_) => Err(Error::argument("ca_file", "contains no certificate in PEM form")),
        Err(fault) => Err(Error::argument("ca_file", format!("is not readable PEM: {fault}"))),
    }
}
