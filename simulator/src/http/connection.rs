//! Sockets that can be cut, and a door that can be shut: our own accept loop under axum, because faults happen to
//! connections.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{Notify, mpsc, oneshot};

use crate::http::fault::Ending;

/// A connection, as the handlers know it.
#[derive(Clone)]
pub(crate) struct Connection {
    /// Counted from 1.
    pub(crate) number: u64,
    fate: Arc<Fate>,
}

/// What is to become of a connection.
#[derive(Default)]
struct Fate {
    /// After how many more bytes it ends, and how.
    end: Mutex<Option<(usize, Ending)>>,
    now: Notify,
    /// Who wants to know when the answer has gone out.
    hearer: Mutex<Option<Hearer>>,
    /// How many requests it has carried.
    requests: AtomicUsize,
}

type Hearer = Box<dyn FnOnce() + Send>;

impl Fate {
    fn end(&self) -> std::sync::MutexGuard<'_, Option<(usize, Ending)>> {
        self.end.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hearer(&self) -> std::sync::MutexGuard<'_, Option<Hearer>> {
        self.hearer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ends_now(&self, ending: Ending) {
        *self.end() = Some((0, ending));
        self.now.notify_one();
    }
}

impl Connection {
    /// Counts one more request, and says how many that makes.
    pub(crate) fn counts_request(&self) -> usize {
        self.fate.requests.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// After so many more bytes of an answer the connection ends.
    pub(crate) fn end_after(&self, bytes: usize, ending: Ending) {
        *self.fate.end() = Some((bytes, ending));
    }

    /// Tells when the answer that comes now has been handed to the connection. Answers are small: one write holds one.
    pub(crate) fn when_answered(&self, hearer: impl FnOnce() + Send + 'static) {
        *self.fate.hearer() = Some(Box::new(hearer));
    }

    /// Ends it without an answer, and never returns.
    pub(crate) async fn end(&self, ending: Ending) -> ! {
        self.fate.ends_now(ending);
        std::future::pending().await
    }
}

/// Shuts the door to new connections for a while.
#[derive(Clone)]
pub(crate) struct Door(mpsc::UnboundedSender<Shut>);

/// How a door is shut.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Shutting {
    /// Who knocks is refused.
    Refuse,
    /// Who knocks waits before the door.
    Hold,
    /// Who knocks is refused, and who is in is thrown out.
    Crash,
}

/// How and for how long, and whom to tell once it is shut.
struct Shut {
    how: Shutting,
    time: Duration,
    done: oneshot::Sender<()>,
}

/// The orders that come to a door.
pub(crate) struct Orders(mpsc::UnboundedReceiver<Shut>);

impl Door {
    pub(crate) fn new() -> (Door, Orders) {
        let (door, orders) = mpsc::unbounded_channel();
        (Door(door), Orders(orders))
    }

    /// From now on no new connections are taken for so long. The receiver hears when that has begun.
    pub(crate) fn shut(&self, how: Shutting, time: Duration) -> oneshot::Receiver<()> {
        let (done, told) = oneshot::channel();
        // The only reason not to be heard is that nobody listens any more, and then it is shut for good.
        let _ = self.0.send(Shut { how, time, done });
        told
    }
}

/// Takes connections until the end.
pub(crate) async fn serve(listener: std::net::TcpListener, mut orders: Orders, router: Router) -> io::Result<()> {
    let address = listener.local_addr()?;
    let mut listener = TcpListener::from_std(listener)?;
    let mut number = 0;
    let mut inside: Vec<Weak<Fate>> = Vec::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    number += 1;
                    let connection = Connection { number, fate: Arc::default() };
                    inside.retain(|fate| fate.strong_count() > 0);
                    inside.push(Arc::downgrade(&connection.fate));
                    tokio::spawn(carry(stream, router.clone(), connection));
                }
                // Too many open files: some of them will be closed.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
            Some(Shut { how, time, done }) = orders.0.recv() => {
                if how == Shutting::Hold {
                    let _ = done.send(());
                    tokio::time::sleep(time).await;
                    continue;
                }
                drop(listener);
                let reserved = reserve(address)?;
                if how == Shutting::Crash {
                    inside.drain(..).filter_map(|fate| fate.upgrade()).for_each(|fate| fate.ends_now(Ending::Reset));
                }
                let _ = done.send(());
                tokio::time::sleep(time).await;
                listener = reserved.listen(1024)?;
            }
        }
    }
}

/// A socket that is bound and does not listen keeps the port, and whoever connects to it is refused.
fn reserve(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

async fn carry(stream: TcpStream, router: Router, connection: Connection) {
    let _ = stream.set_nodelay(true);
    let fate = connection.fate.clone();
    let service = TowerToHyperService::new(router.layer(Extension(connection)));
    let mut wire = Wire { stream, fate: fate.clone() };
    // The gateway tells the date, if anybody does.
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).auto_date_header(false);
    tokio::select! {
        _ = http.serve_connection(TokioIo::new(&mut wire), service) => {}
        () = fate.now.notified() => {}
    }
    let end = *fate.end();
    match end {
        Some((_, Ending::Reset)) => drop(wire.stream.set_zero_linger()),
        Some((_, Ending::HalfClose)) => wire.stay().await,
        Some((_, Ending::Close)) | None => {}
    }
}

struct Wire {
    stream: TcpStream,
    fate: Arc<Fate>,
}

impl Wire {
    /// Has nothing more to say, and listens on until the client goes.
    async fn stay(&mut self) {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let _ = self.stream.shutdown().await;
        let mut ignored = [0; 1024];
        while self.stream.read(&mut ignored).await.is_ok_and(|length| length > 0) {}
    }
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, into)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let left = self.fate.end().map(|(left, _)| left);
        let allowed = &bytes[..bytes.len().min(left.unwrap_or(usize::MAX))];
        if allowed.is_empty() && !bytes.is_empty() {
            self.fate.now.notify_one();
            return Poll::Pending;
        }
        let written = std::task::ready!(Pin::new(&mut self.stream).poll_write(cx, allowed))?;
        if let Some((left, _)) = self.fate.end().as_mut() {
            *left -= written;
        }
        if let Some(hearer) = self.fate.hearer().take() {
            hearer();
        }
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.fate.end().is_some() {
            // How the connection ends is decided in `carry`: a FIN first would spoil a reset.
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
