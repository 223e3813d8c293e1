//! The tray's icon in its two states, so that one picture is shipped and not two.

/// The amber of *needs you* in the interface, red first.
const AMBER: [u8; 3] = [0xe9, 0xb4, 0x4c];

/// Paints the sign of *needs you* into a square picture of `side` pixels, red, green, blue, alpha: a disc in the lower
/// right corner with a clear rim, so that it is seen by its shape too.
pub fn with_sign(rgba: &[u8], side: usize) -> Vec<u8> {
    let mut painted = rgba.to_vec();
    let radius = side / 4;
    let center = side.saturating_sub(radius + 1);
    for (at, pixel) in painted.chunks_exact_mut(4).enumerate() {
        let (x, y) = (at % side.max(1), at / side.max(1));
        let square = x.abs_diff(center).pow(2) + y.abs_diff(center).pow(2);
        if square <= radius.pow(2) {
            let [red, green, blue] = AMBER;
            pixel.copy_from_slice(&[red, green, blue, 0xff]);
        } else if square <= (radius + 2).pow(2) {
            pixel.copy_from_slice(&[0, 0, 0, 0]);
        }
    }
    painted
}

#[cfg(test)]
mod tests {
    use super::with_sign;

    #[test]
    fn the_sign_is_in_its_corner_and_nowhere_else() {
        let calm = vec![9_u8; 32 * 32 * 4];
        let painted = with_sign(&calm, 32);
        assert_eq!(painted.len(), calm.len());
        let pixel = |x: usize, y: usize| &painted[(y * 32 + x) * 4..(y * 32 + x) * 4 + 4];
        assert_eq!(pixel(23, 23), [0xe9, 0xb4, 0x4c, 0xff]);
        assert_eq!(pixel(2, 2), [9, 9, 9, 9]);
        assert!(with_sign(&[], 0).is_empty());
    }
}
