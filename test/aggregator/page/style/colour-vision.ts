/**
 * How colours look to eyes that lack one kind of cone, and how far apart they then are. The matrices are those of Machado,
 * Oliveira and Fernandes (2009) at full severity, for linear RGB; distances are CIE 1976 ΔE in Lab, D65.
 */
export type Colour = readonly [red: number, green: number, blue: number];
type Matrix = readonly [Colour, Colour, Colour];

export const visions: Readonly<Record<string, Matrix>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const TO_XYZ: Matrix = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
];
const WHITE: Colour = [0.95047, 1, 1.08883];

/** How far apart two colours (`#rrggbb`) are to eyes that see by this matrix; about 2 can just be told apart side by side. */
export function distance(one: string, two: string, vision: Matrix): number {
  const [a, b] = [one, two].map((hex) => labOf(times(vision, linear(hex)))) as [Colour, Colour];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

function linear(hex: string): Colour {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function times(matrix: Matrix, [x, y, z]: Colour): Colour {
  const row = ([a, b, c]: Colour) => Math.min(1, Math.max(0, a * x + b * y + c * z));
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
}

function labOf(rgb: Colour): Colour {
  const row = ([a, b, c]: Colour) => a * rgb[0] + b * rgb[1] + c * rgb[2];
  const root = (value: number) =>
    value > 216 / 24_389 ? Math.cbrt(value) : (24_389 / 27 / 116) * value + 16 / 116;
  const [x, y, z] = TO_XYZ.map((line, i) => root(row(line) / (WHITE[i] ?? 1))) as unknown as Colour;
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
