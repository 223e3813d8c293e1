//! The picture of a security question: squares in the manner of a QR code, which no camera reads.
//!
//! Source: PNG (W3C, third edition) §5 and §11.

use super::ids::Numbers;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use std::io::Write as _;

/// Squares to a side.
const SIDE: u32 = 25;
/// Pixels to a square.
const SCALE: u32 = 8;

/// The picture as PNG in base64.
pub(super) fn png_base64() -> String {
    STANDARD.encode(png())
}

fn png() -> Vec<u8> {
    let size = (SIDE * SCALE).to_be_bytes();
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::new();
    header.extend_from_slice(&size);
    header.extend_from_slice(&size);
    // Eight bits of gray, no interlacing.
    header.extend_from_slice(&[8, 0, 0, 0, 0]);
    chunk(&mut file, *b"IHDR", &header);
    chunk(&mut file, *b"IDAT", &compressed());
    chunk(&mut file, *b"IEND", &[]);
    file
}

fn compressed() -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    // Writing into memory cannot fail; an empty picture would be shown as broken.
    let _ = encoder.write_all(&pixels());
    encoder.finish().unwrap_or_default()
}

fn pixels() -> Vec<u8> {
    let mut noise = Numbers::of("picture", 0);
    let squares: Vec<bool> = (0..SIDE * SIDE).map(|at| is_dark(at % SIDE, at / SIDE, &mut noise)).collect();
    let mut pixels = Vec::new();
    for y in 0..SIDE * SCALE {
        pixels.push(0);
        for x in 0..SIDE * SCALE {
            let at = usize::try_from((y / SCALE) * SIDE + x / SCALE).unwrap_or(0);
            pixels.push(if squares.get(at).copied().unwrap_or_default() { 0 } else { 255 });
        }
    }
    pixels
}

/// Three marks in the corners, noise elsewhere, a quiet edge.
fn is_dark(x: u32, y: u32, noise: &mut Numbers) -> bool {
    let random = noise.next() & 1 == 1;
    for (left, top) in [(2, 2), (SIDE - 9, 2), (2, SIDE - 9)] {
        if let (Some(across @ 0..7), Some(down @ 0..7)) = (x.checked_sub(left), y.checked_sub(top)) {
            let ring = across.min(6 - across).min(down).min(6 - down);
            return ring != 1;
        }
    }
    random && (2..SIDE - 2).contains(&x) && (2..SIDE - 2).contains(&y)
}

fn chunk(file: &mut Vec<u8>, kind: [u8; 4], content: &[u8]) {
    let length = u32::try_from(content.len()).unwrap_or(0);
    let mut sum = flate2::Crc::new();
    sum.update(&kind);
    sum.update(content);
    file.extend_from_slice(&length.to_be_bytes());
    file.extend_from_slice(&kind);
    file.extend_from_slice(content);
    file.extend_from_slice(&sum.sum().to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::png_base64;

    #[test]
    fn the_picture_is_small_and_a_png() {
        let picture = png_base64();
        assert!(picture.starts_with("iVBORw0KGgo"), "{picture}");
        assert!(picture.len() < 8000, "{}", picture.len());
    }
}
