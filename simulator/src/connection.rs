//! Sockets that can be cut: our own accept loop under axum, because faults happen to connections.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use axum::Extension;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

use crate::world::World;

/// A connection, as the handlers know it.
#[derive(Clone)]
pub(crate) struct Connection {
    /// Counted from 1.
    pub(crate) number: u64,
    cut: Arc<Cut>,
}

#[derive(Default)]
struct Cut {
    now: Notify,
    with_reset: AtomicBool,
}

impl Connection {
    /// From now on the connection ends with a reset (RST) instead of a close (FIN).
    pub(crate) fn end_with_reset(&self) {
        self.cut.with_reset.store(true, Ordering::Relaxed);
    }

    /// Cuts it and never returns.
    pub(crate) async fn cut(&self) -> ! {
        self.cut.now.notify_one();
        std::future::pending().await
    }
}

/// Takes connections for ever.
pub(crate) async fn serve(listener: std::net::TcpListener, world: Arc<Mutex<World>>) {
    let listener = TcpListener::from_std(listener).expect("the listener is non-blocking and the runtime is there");
    let router = crate::api::router().merge(crate::control::router()).with_state(world.clone());
    let router = router.layer(axum::middleware::from_fn_with_state(world, crate::api::faulty));
    let numbers = AtomicU64::new(1);
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let connection = Connection { number: numbers.fetch_add(1, Ordering::Relaxed), cut: Arc::default() };
        let service = TowerToHyperService::new(router.clone().layer(Extension(connection.clone())));
        tokio::spawn(async move {
            let wire = TokioIo::new(Wire { stream, cut: connection.cut.clone() });
            let serving = http1::Builder::new().timer(TokioTimer::new()).serve_connection(wire, service);
            tokio::select! {
                _ = serving => {}
                () = connection.cut.now.notified() => {}
            }
        });
    }
}

struct Wire {
    stream: TcpStream,
    cut: Arc<Cut>,
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.cut.with_reset.load(Ordering::Relaxed) {
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, into)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.cut.with_reset.load(Ordering::Relaxed) {
            // A clean shutdown first would make a FIN of what should be a reset.
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
