import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AssertionError } from '../../../shared/kernel/assert.ts';
import {
  add,
  credits,
  divideHalfEven,
  formatDecimal,
  greatest,
  least,
  multiply,
  negate,
  parseCredits,
  parseQuantity,
  quantity,
  subtract,
  sum,
  toApproximateNumber,
  wholeCredits,
} from '../../../shared/kernel/credits.ts';

const most = Number.MAX_SAFE_INTEGER;
const anyMicro = fc.oneof(fc.integer({ min: -most, max: most }), fc.integer({ min: -2_000_000, max: 2_000_000 }));

describe('parse and format', () => {
  it.each([
    ['3.6300000000000003', '3.63', true],
    ['3.63', '3.63', false],
    ['175767.637', '175767.637', false],
    ['0', '0', false],
    ['-0', '0', false],
    ['000', '0', false],
    ['0.000000', '0', false],
    ['007', '7', false],
    ['+12.50', '12.5', false],
    ['-2', '-2', false],
    ['.5', '0.5', false],
    ['-.5', '-0.5', false],
    ['5.', '5', false],
    [' 42 ', '42', false],
    ['1.5e3', '1500', false],
    ['1.5E+3', '1500', false],
    ['2.5e-6', '0.000002', true],
    ['12e-1', '1.2', false],
    ['0e999999', '0', false],
    ['1e-999999', '0', true],
    ['9007199254.740991', '9007199254.740991', false],
    ['-9007199254.740991', '-9007199254.740991', false],
    ['9007199254.7409910000', '9007199254.740991', false],
  ])('[K1] reads %s as %s', (text, expected, rounded) => {
    const parsed = parseCredits(text);
    expect(parsed.ok && [formatDecimal(parsed.value.value), parsed.value.rounded]).toEqual([expected, rounded]);
    expect(parseQuantity(text)).toEqual(parsed);
  });

  it.each([
    ['0.0000005', '0'],
    ['0.0000015', '0.000002'],
    ['0.0000025', '0.000002'],
    ['0.00000250000001', '0.000003'],
    ['0.0000024999999', '0.000002'],
    ['-0.0000005', '0'],
    ['-0.0000015', '-0.000002'],
    ['-0.0000025', '-0.000002'],
    ['1.9999995', '2'],
  ])('[K1] rounds %s half-even to %s and says so', (text, expected) => {
    const parsed = parseCredits(text);
    expect(parsed.ok && [formatDecimal(parsed.value.value), parsed.value.rounded]).toEqual([expected, true]);
  });

  it.each([
    '',
    ' ',
    '.',
    '-',
    '+',
    'e5',
    '1e',
    '1,5',
    '1 000',
    '0x10',
    'NaN',
    'Infinity',
    '-Infinity',
    '1.2.3',
    '--1',
    '١٢',
    '1_000',
    '=1+1',
    '12abc',
    '1'.repeat(401),
  ])('[K1] refuses %j as no number', (text) => {
    expect(parseCredits(text)).toEqual({ ok: false, error: { code: 'not-a-number', at: text.slice(0, 80) } });
  });

  it.each(['1e309', '9007199254.740992', '-9007199254.740992', '1e10', '9'.repeat(300)])(
    '[K1] refuses %s as too large',
    (text) => {
      expect(parseCredits(text)).toEqual({ ok: false, error: { code: 'too-large', at: text.slice(0, 80) } });
    },
  );

  it('[K1] what is written reads back as the same credits', () => {
    fc.assert(
      fc.property(anyMicro, (micro) => {
        const text = formatDecimal(credits(micro));
        expect(text).toMatch(/^(0|-?(?:0|[1-9]\d*)(?:\.\d{0,5}[1-9])?)$/);
        expect(parseCredits(text)).toEqual({ ok: true, value: { value: credits(micro), rounded: false } });
      }),
    );
  });

  it('[K1] reads any decimal to the nearest micro-credit, to the even one of two', () => {
    const digits = (maxLength: number): fc.Arbitrary<string> =>
      fc.stringMatching(new RegExp(`^[0-9]{0,${maxLength}}$`));
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.nat(99_999),
        digits(30),
        fc.integer({ min: -12, max: 3 }),
        (minus, whole, fraction, exponent) => {
          const parsed = parseCredits(`${minus ? '-' : ''}${whole}.${fraction}e${exponent}`);
          if (!parsed.ok) throw new Error(parsed.error.code);
          // The exact value is magnitude / scale micro-credits; both are integers.
          const magnitude = BigInt(`${whole}${fraction}`) * 10n ** 9n * 1_000_000n;
          const scale = 10n ** BigInt(9 + fraction.length - exponent);
          const distance = BigInt(Math.abs(parsed.value.value)) * scale - magnitude;
          const twice = (distance < 0n ? -distance : distance) * 2n;
          expect(twice <= scale).toBe(true);
          if (twice === scale) expect(Math.abs(parsed.value.value) % 2).toBe(0);
          expect(parsed.value.rounded).toBe(distance !== 0n);
          expect(parsed.value.value === 0 || parsed.value.value < 0 === minus).toBe(true);
        },
      ),
    );
  });

  it('[K1] answers about any text and never throws', () => {
    const nearlyNumbers = fc.stringMatching(/^[-+0-9.eE ]{0,40}$/);
    fc.assert(
      fc.property(fc.oneof(fc.string(), nearlyNumbers), (text) => {
        const parsed = parseCredits(text);
        expect(parsed.ok ? Number.isSafeInteger(parsed.value.value) : parsed.error.code.length > 0).toBe(true);
      }),
    );
  });
});

describe('arithmetic', () => {
  it('[K1] is exact where floats are not', () => {
    const tenths = Array.from({ length: 10 }, () => credits(100_000));
    expect(sum(tenths)).toBe(wholeCredits(1));
    expect(formatDecimal(add(credits(100_000), credits(200_000)))).toBe('0.3');
    expect(formatDecimal(subtract(credits(300_000), credits(100_000)))).toBe('0.2');
  });

  it('[K1] knows one zero', () => {
    expect(Object.is(negate(credits(0)), credits(0))).toBe(true);
    expect(Object.is(credits(-0), 0)).toBe(true);
    expect(Object.is(quantity(-0), 0)).toBe(true);
    expect(formatDecimal(subtract(credits(5), credits(5)))).toBe('0');
  });

  it('[K1] adds, negates and compares as integers do', () => {
    const half = fc.integer({ min: -4_000_000_000_000_000, max: 4_000_000_000_000_000 });
    fc.assert(
      fc.property(half, half, (left, right) => {
        const [first, second] = [credits(left), credits(right)];
        expect(BigInt(add(first, second))).toBe(BigInt(left) + BigInt(right));
        expect(add(subtract(first, second), second)).toBe(first);
        expect(sum([first, second, negate(first)])).toBe(second);
        expect(least(first, second) + greatest(first, second)).toBe(left + right);
        expect(least(first, second) <= greatest(first, second)).toBe(true);
      }),
    );
  });

  it('[K1] rate × quantity is exact, rounded half-even, or undefined when out of range', () => {
    expect(multiply(credits(1), quantity(500_000))).toBe(0);
    expect(multiply(credits(3), quantity(500_000))).toBe(2);
    expect(multiply(credits(-3), quantity(500_000))).toBe(-2);
    expect(multiply(credits(5), quantity(500_000))).toBe(2);
    expect(multiply(wholeCredits(30), quantity(2_000_000))).toBe(wholeCredits(60));
    expect(multiply(credits(most), quantity(1_000_000))).toBe(most);
    expect(multiply(credits(most), quantity(1_000_001))).toBeUndefined();
    fc.assert(
      fc.property(anyMicro, anyMicro, (rate, count) => {
        const product = multiply(credits(rate), quantity(count));
        const exact = divideHalfEven(BigInt(rate) * BigInt(count), 1_000_000n);
        const fits = exact <= BigInt(most) && exact >= BigInt(-most);
        expect(product === undefined ? null : BigInt(product)).toBe(fits ? exact : null);
      }),
    );
  });

  it('[K1] division goes to the nearest, of two to the even', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
        fc.bigInt({ min: 1n, max: 10n ** 12n }),
        (dividend, divisor) => {
          const result = divideHalfEven(dividend, divisor);
          const distance = result * divisor - dividend;
          const twice = (distance < 0n ? -distance : distance) * 2n;
          expect(twice <= divisor).toBe(true);
          if (twice === divisor) expect(result % 2n).toBe(0n);
        },
      ),
    );
  });

  it('[K1] a count that is not exact is a bug and stops the program', () => {
    expect(() => credits(0.5)).toThrow(AssertionError);
    expect(() => credits(Number.NaN)).toThrow(AssertionError);
    expect(() => credits(most + 1)).toThrow(AssertionError);
    expect(() => quantity(1.5)).toThrow(AssertionError);
    expect(() => wholeCredits(9_007_199_255)).toThrow(AssertionError);
    expect(() => add(credits(most), credits(1))).toThrow(AssertionError);
    expect(() => sum([credits(most), credits(2), credits(-2)])).toThrow(AssertionError);
  });

  it('gives charts a plain number', () => {
    expect(toApproximateNumber(credits(2_541_000))).toBe(2.541);
  });
});
