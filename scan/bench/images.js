// What is measured: pictures found in folders, each with what must be read in it.

import { readdirSync, readFileSync, existsSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import jpeg from 'jpeg-js'
import png from 'pngjs'

const EXTREME = new Set(['lots', 'noncompliant', 'pathological'])

function* walk(folder) {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) yield* walk(path)
    else yield path
  }
}

/** Every picture under the folder. A `codes.json` names the codes' polygons of the pictures below it; otherwise the
 *  text is in NAME.txt or NAME.bin beside NAME.png. A picture with neither is one without a code. */
export function find(folder) {
  const polygons = new Map()
  const images = []
  for (const path of walk(folder)) {
    if (path.endsWith('/codes.json')) {
      for (const [name, codes] of Object.entries(JSON.parse(readFileSync(path, 'utf8')))) {
        polygons.set(join(dirname(path), name), codes)
      }
    }
  }
  for (const path of walk(folder)) {
    if (!/\.(png|jpe?g)$/i.test(path)) continue
    const stem = path.replace(/\.[^.]+$/, '')
    const category = relative(folder, dirname(path)) || '.'
    const image = { path, category, load: () => decode(path) }
    if (polygons.has(path)) {
      image.polygons = polygons.get(path)
      image.kind = EXTREME.has(category.split('/').pop()) ? 'extreme' : 'gate'
    } else if (existsSync(`${stem}.txt`)) {
      image.text = readFileSync(`${stem}.txt`)
      image.kind = 'text'
    } else if (existsSync(`${stem}.bin`)) {
      image.text = readFileSync(`${stem}.bin`)
      image.kind = 'text'
    } else {
      image.kind = 'none'
    }
    images.push(image)
  }
  return images
}

/** RGBA on white: what is transparent is paper. */
function decode(path) {
  const bytes = readFileSync(path)
  const { width, height, data } = /\.png$/i.test(path)
    ? png.PNG.sync.read(bytes)
    : jpeg.decode(bytes, { useTArray: true, maxMemoryUsageInMB: 2048 })
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3]
    if (alpha === 255) continue
    for (let c = i; c < i + 3; c++) data[c] = Math.round((data[c] * alpha + 255 * (255 - alpha)) / 255)
    data[i + 3] = 255
  }
  return { width, height, rgba: new Uint8ClampedArray(data.buffer, data.byteOffset, data.length) }
}
