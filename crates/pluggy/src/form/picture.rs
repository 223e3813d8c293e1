//! Pictures in a question: QR codes and riddles.
//!
//! Only raster formats whose beginning is what they say are shown. SVG is refused: it is a document that can hold
//! scripts and addresses.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Largest picture that is shown, in bytes.
const LARGEST: usize = 512 * 1024;

/// What format a picture has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureKind {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// GIF.
    Gif,
}

/// A picture that may be shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    kind: PictureKind,
    bytes: Vec<u8>,
}

impl Picture {
    /// Reads base64, with or without `data:image/…;base64,` before it; none when it is no picture that may be shown.
    pub fn from_base64(text: &str) -> Option<Self> {
        let text = text.trim();
        let encoded = match text.strip_prefix("data:") {
            Some(rest) => rest.split_once(";base64,")?.1,
            None => text,
        };
        if encoded.len() > LARGEST / 3 * 4 + 4 {
            return None;
        }
        let compact: String = encoded.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let bytes = STANDARD.decode(compact).ok()?;
        Some(Self { kind: kind(&bytes)?, bytes })
    }

    /// Its format.
    pub const fn kind(&self) -> PictureKind {
        self.kind
    }

    /// The file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The file as an address that an `img` element takes.
    pub fn data_url(&self) -> String {
        let kind = match self.kind {
            PictureKind::Png => "png",
            PictureKind::Jpeg => "jpeg",
            PictureKind::Gif => "gif",
        };
        format!("data:image/{kind};base64,{}", STANDARD.encode(&self.bytes))
    }
}

/// By the beginning of the file; what a server says about it is not asked.
fn kind(bytes: &[u8]) -> Option<PictureKind> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some(PictureKind::Png)
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        Some(PictureKind::Jpeg)
    } else if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        Some(PictureKind::Gif)
    } else {
        None
    }
}

impl std::fmt::Debug for Picture {
    /// Without the file: a QR code can be a login.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({:?}, {} bytes)", self.kind, self.bytes.len())
    }
}
