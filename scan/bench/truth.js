// What must be read, and whether it was.

import { readFileSync } from 'node:fs'

/** The pictures that the example `generate` wrote. */
export function generated(path) {
  const file = readFileSync(path)
  const images = []
  for (let at = 0; at < file.length; ) {
    const [category, text, width, height] = [0, 4, 8, 12].map((offset) => file.readUInt32LE(at + offset))
    const start = at + 16
    const pixels = start + category + text
    const luma = file.subarray(pixels, pixels + width * height)
    const image = {
      category: file.toString('utf8', start, start + category),
      kind: text ? 'dense' : 'none',
      load: () => ({ width, height, rgba: spread(luma) }),
    }
    if (text) image.text = file.subarray(start + category, pixels)
    images.push(image)
    at = pixels + width * height
  }
  return images
}

function spread(luma) {
  const rgba = new Uint8ClampedArray(4 * luma.length).fill(255)
  for (let i = 0; i < luma.length; i++) rgba[4 * i] = rgba[4 * i + 1] = rgba[4 * i + 2] = luma[i]
  return rgba
}

/** Whether a point lies in a polygon given as x, y, x, y, … */
export function inside(polygon, [x, y]) {
  let within = false
  const count = polygon.length / 2
  for (let i = 0, j = count - 1; i < count; j = i++) {
    const [xi, yi, xj, yj] = [polygon[2 * i], polygon[2 * i + 1], polygon[2 * j], polygon[2 * j + 1]]
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) within = !within
  }
  return within
}

const ENCODINGS = ['utf-8', 'windows-1252', 'shift_jis', 'gb18030', 'big5', 'euc-kr', 'iso-8859-5']

/** Whether the bytes say the text: in some encoding, whatever the line ends, the outer white space and the width of letters. */
export function sameText(text, bytes) {
  if (text.equals(bytes)) return true
  const plain = (decoded) => decoded.normalize('NFKC').replace(/\r\n?/g, '\n').trim()
  const wanted = plain(text.toString('utf8'))
  return ENCODINGS.some((encoding) => plain(new TextDecoder(encoding).decode(bytes)) === wanted)
}
