//! Reed–Solomon codes over the field of 256 elements that QR uses: ISO/IEC 18004:2015, 7.5.2.

/// The field's powers and logarithms of its generator, 2, modulo x⁸ + x⁴ + x³ + x² + 1.
struct Field {
    power: [u8; 512],
    log: [u8; 256],
}

const FIELD: Field = {
    let mut field = Field {
        power: [0; 512],
        log: [0; 256],
    };
    let mut value: u16 = 1;
    let mut exponent = 0;
    while exponent < 255 {
        field.power[exponent] = value as u8;
        field.power[exponent + 255] = value as u8;
        field.log[value as usize] = exponent as u8;
        value <<= 1;
        if value > 255 {
            value ^= 0x11d;
        }
        exponent += 1;
    }
    field
};

static TABLES: Field = FIELD;

fn power(exponent: usize) -> u8 {
    TABLES.power[exponent % 255]
}

fn multiply(a: u8, b: u8) -> u8 {
    if a == 0 || b == 0 {
        return 0;
    }
    TABLES.power[usize::from(TABLES.log[usize::from(a)]) + usize::from(TABLES.log[usize::from(b)])]
}

/// `b` is not zero.
fn divide(a: u8, b: u8) -> u8 {
    if a == 0 {
        return 0;
    }
    TABLES.power[255 + usize::from(TABLES.log[usize::from(a)]) - usize::from(TABLES.log[usize::from(b)])]
}

/// The polynomial's value at a point; its lowest coefficient comes first.
fn evaluate(polynomial: &[u8], at: u8) -> u8 {
    polynomial
        .iter()
        .rev()
        .fold(0, |sum, &coefficient| multiply(sum, at) ^ coefficient)
}

fn syndromes(block: &[u8], check: usize) -> Vec<u8> {
    (0..check)
        .map(|root| {
            block
                .iter()
                .fold(0, |sum, &value| multiply(sum, power(root)) ^ value)
        })
        .collect()
}

/// Corrects a block in place. Its last `check` bytes are check bytes; `erased` are places known to be doubtful; at most
/// `2 × errors + erasures = check - reserve` are corrected, what is in reserve only detects. False, and the block in some
/// state, if that is not enough.
pub(crate) fn correct(block: &mut [u8], check: usize, reserve: usize, erased: &[usize]) -> bool {
    let length = block.len();
    if length > 255 || check >= length || erased.len() + reserve > check {
        return false;
    }
    let syndromes = syndromes(block, check);
    if syndromes.iter().all(|&value| value == 0) {
        return true;
    }
    let locator = locator(&syndromes, length, erased);
    let degree = locator.iter().rposition(|&value| value != 0).unwrap_or(0);
    let errors = degree.saturating_sub(erased.len());
    if degree == 0 || 2 * errors + erased.len() + reserve > check {
        return false;
    }
    let places: Vec<usize> = (0..length)
        .filter(|&place| evaluate(&locator, power(255 - (length - 1 - place) % 255)) == 0)
        .collect();
    if places.len() != degree {
        return false;
    }
    // The evaluator is the product of syndromes and locator, cut off at the number of check bytes (Forney 1965).
    let evaluator: Vec<u8> = (0..check)
        .map(|at| {
            (0..=at.min(degree)).fold(0, |sum, index| {
                sum ^ multiply(locator[index], syndromes[at - index])
            })
        })
        .collect();
    for place in places {
        let exponent = length - 1 - place;
        let inverse = power(255 - exponent % 255);
        let derivative = (1..=degree).step_by(2).fold(0, |sum, index| {
            sum ^ multiply(locator[index], power((index - 1) * (255 - exponent % 255)))
        });
        if derivative == 0 {
            return false;
        }
        block[place] ^= multiply(power(exponent), divide(evaluate(&evaluator, inverse), derivative));
    }
    self::syndromes(block, check).iter().all(|&value| value == 0)
}

/// The polynomial whose roots are the inverses of the errors' and erasures' places: Berlekamp's and Massey's algorithm, begun
/// with the erasures.
fn locator(syndromes: &[u8], length: usize, erased: &[usize]) -> Vec<u8> {
    let check = syndromes.len();
    let mut locator = vec![0; check + 1];
    locator[0] = 1;
    for (count, &place) in erased.iter().enumerate() {
        let root = power(length - 1 - place);
        for index in (0..=count).rev() {
            locator[index + 1] ^= multiply(locator[index], root);
        }
    }
    let mut previous = locator.clone();
    let mut order = erased.len();
    for step in erased.len() + 1..=check {
        let discrepancy = (0..step).fold(0, |sum, index| {
            sum ^ multiply(locator[index], syndromes[step - 1 - index])
        });
        previous.rotate_right(1);
        previous[0] = 0;
        if discrepancy == 0 {
            continue;
        }
        let next: Vec<u8> = locator
            .iter()
            .zip(&previous)
            .map(|(&a, &b)| a ^ multiply(discrepancy, b))
            .collect();
        if 2 * order < step + erased.len() {
            order = step + erased.len() - order;
            previous = locator.iter().map(|&value| divide(value, discrepancy)).collect();
        }
        locator = next;
    }
    locator
}
