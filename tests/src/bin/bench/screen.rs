//! The picture on a virtual display, read from the file in which Xvfb keeps it: no program is asked, so that looking
//! costs the measured one nothing.
//!
//! Source: the header is that of XWD dumps, version 7 (`X11/XWDFile.h`), in big-endian words of 32 bits.

use anyhow::{Context as _, Result, ensure};
use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

/// Words of the header that are needed, by their place in it.
const HEADER_SIZE: usize = 0;
const WIDTH: usize = 4;
const HEIGHT: usize = 5;
const BITS_PER_PIXEL: usize = 11;
const BYTES_PER_LINE: usize = 12;
const COLORS: usize = 19;
const WORDS: usize = 25;
/// Bytes of each entry of the color table, which lies between header and picture.
const COLOR_SIZE: u32 = 12;

/// An open display.
pub(crate) struct Screen {
    file: File,
    start: u64,
    line: usize,
    width: usize,
    height: usize,
}

/// What a display showed at one moment.
#[derive(Clone, PartialEq)]
pub(crate) struct Picture {
    pixels: Vec<u32>,
}

impl Screen {
    /// Opens the file of the first screen in the folder that Xvfb was given as `-fbdir`.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let path = folder.join("Xvfb_screen0");
        let file = File::open(&path).with_context(|| format!("{} cannot be opened", path.display()))?;
        let mut header = [0_u8; WORDS * 4];
        file.read_exact_at(&mut header, 0).context("the display's file is too short")?;
        let words: Vec<u32> = header
            .chunks_exact(4)
            .map(|word| u32::from_be_bytes([word[0], word[1], word[2], word[3]]))
            .collect();
        ensure!(words[BITS_PER_PIXEL] == 32, "the display has {} bits per pixel", words[BITS_PER_PIXEL]);
        Ok(Self {
            file,
            start: u64::from(words[HEADER_SIZE] + words[COLORS] * COLOR_SIZE),
            line: words[BYTES_PER_LINE] as usize,
            width: words[WIDTH] as usize,
            height: words[HEIGHT] as usize,
        })
    }

    /// What it shows now: every second line, whole, which misses no line of text.
    pub(crate) fn picture(&self) -> Result<Picture> {
        let mut bytes = vec![0_u8; self.line * self.height];
        self.file.read_exact_at(&mut bytes, self.start).context("the display's file is too short")?;
        let lines = bytes.chunks_exact(self.line).step_by(2);
        let pixels = lines
            .flat_map(|line| line.chunks_exact(4).take(self.width))
            // The fourth byte is no color.
            .map(|pixel| u32::from_le_bytes([pixel[0], pixel[1], pixel[2], 0]))
            .collect();
        Ok(Picture { pixels })
    }
}

impl Picture {
    /// The share of pixels that differ, from 0 to 1.
    #[expect(clippy::cast_precision_loss, reason = "a share of some hundred thousand pixels")]
    pub(crate) fn difference(&self, other: &Self) -> f64 {
        let different = self.pixels.iter().zip(&other.pixels).filter(|(one, another)| one != another).count();
        different as f64 / self.pixels.len().max(1) as f64
    }
}
