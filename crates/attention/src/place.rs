//! Where the window was, and where it may be now.
//!
//! Physical pixels throughout. A screen that is gone must not take the window with it.

use serde::{Deserialize, Serialize};

/// Part of the window's upper edge that has to be on a screen, so that it can be taken hold of.
const GRIP: (i32, i32) = (120, 24);

/// A rectangle on the desktop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area {
    /// Left edge.
    pub x: i32,
    /// Upper edge.
    pub y: i32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

/// Where the window was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowPlace {
    /// Its rectangle while not maximized.
    #[serde(flatten)]
    pub area: Area,
    /// Whether it filled the screen.
    pub maximized: bool,
}

/// The place again, moved onto one of `screens` if nobody could reach it, and no larger than its screen.
pub fn corrected(place: WindowPlace, screens: &[Area]) -> WindowPlace {
    let area = place.area;
    let Some(first) = screens.first() else { return place };
    let home = screens.iter().find(|screen| holds_grip(screen, &area));
    let screen = home.unwrap_or(first);
    let width = area.width.min(screen.width);
    let height = area.height.min(screen.height);
    let (x, y) = if home.is_some() {
        (area.x, area.y)
    } else {
        (screen.x + half(screen.width - width), screen.y + half(screen.height - height))
    };
    WindowPlace { area: Area { x, y, width, height }, maximized: place.maximized }
}

fn half(length: u32) -> i32 {
    i32::try_from(length / 2).unwrap_or_default()
}

fn holds_grip(screen: &Area, window: &Area) -> bool {
    let edge = |at: i32, length: u32| i64::from(at) + i64::from(length);
    let left = i64::from(window.x.max(screen.x));
    let right = edge(window.x, window.width).min(edge(screen.x, screen.width));
    let top = i64::from(window.y);
    right - left >= i64::from(GRIP.0)
        && top >= i64::from(screen.y) - i64::from(GRIP.1)
        && top + i64::from(GRIP.1) <= edge(screen.y, screen.height)
}

#[cfg(test)]
mod tests {
    use super::{Area, WindowPlace, corrected};

    const SCREEN: Area = Area { x: 0, y: 0, width: 1920, height: 1080 };
    const RIGHT: Area = Area { x: 1920, y: 0, width: 1280, height: 1024 };

    const fn at(x: i32, y: i32) -> WindowPlace {
        WindowPlace { area: Area { x, y, width: 1080, height: 760 }, maximized: false }
    }

    #[test]
    fn a_place_on_a_screen_stays() {
        for place in [at(0, 0), at(400, 200), at(-500, 20), at(2000, 100)] {
            assert_eq!(corrected(place, &[SCREEN, RIGHT]), place);
        }
    }

    #[test]
    fn a_place_on_no_screen_comes_to_the_middle_of_the_first() {
        for place in [at(2000, 100), at(-1000, 0), at(100, 1079), at(100, -400), at(i32::MAX, i32::MIN)] {
            let found = corrected(place, &[SCREEN]);
            assert_eq!((found.area.x, found.area.y), (420, 160), "{place:?}");
        }
    }

    #[test]
    fn a_window_is_no_larger_than_its_screen() {
        let wide = WindowPlace { area: Area { x: 0, y: 0, width: 4000, height: 3000 }, maximized: true };
        let found = corrected(wide, &[SCREEN]);
        assert_eq!((found.area.width, found.area.height, found.maximized), (1920, 1080, true));
        let tiny = Area { x: 0, y: 0, width: 640, height: 480 };
        assert_eq!(corrected(at(5000, 5000), &[tiny]).area, tiny);
    }

    #[test]
    fn without_any_screen_nothing_is_known() {
        assert_eq!(corrected(at(9000, 9000), &[]), at(9000, 9000));
    }
}
