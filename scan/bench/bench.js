// Measures the scanner, as WASM, beside zxing-wasm and jsQR: the same pixels, interleaved, in one run.
// node bench.js SCANNER.wasm GENERATED.bin [FOLDER]; scan/bench/run.sh makes the first two.

import { readFileSync, existsSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import jsqrModule from 'jsqr'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'
import { find } from './images.js'
import { generated, inside, sameText } from './truth.js'

const [wasmPath, generatedPath, folder] = process.argv.slice(2)
const TURNS = 4
// With MISSED=1 the pictures are named that zxing-wasm reads and the stream does not, and the other way round.
const MISSED = process.env.MISSED === '1'
// jsQR is ten times slower than the others: it gets one picture in so many.
const JSQR_EVERY = Number(process.env.JSQR_EVERY ?? 12)
const jsqr = jsqrModule.default ?? jsqrModule

const { exports: scanner } = (await WebAssembly.instantiate(readFileSync(wasmPath))).instance
const zxingWasm = readFileSync(new URL('node_modules/zxing-wasm/dist/reader/zxing_reader.wasm', import.meta.url))
await prepareZXingModule({ overrides: { wasmBinary: zxingWasm }, fireImmediately: true })

/** One look at a picture by our scanner. `whole` runs the cascade on one picture; otherwise it is one frame of a stream. */
function look(picture, whole) {
  const at = scanner.room(picture.rgba.length)
  new Uint8Array(scanner.memory.buffer, at, picture.rgba.length).set(picture.rgba)
  const length = scanner.look(picture.width, picture.height, whole ? 1 : 0)
  if (!length) return null
  const bytes = new Uint8Array(scanner.memory.buffer, scanner.reading(), length).slice()
  const corners = new Float32Array(bytes.buffer, 0, 8)
  const centre = [0, 1].map((axis) => [0, 2, 4, 6].reduce((sum, i) => sum + corners[i + axis] / 4, 0))
  return { bytes: Buffer.from(bytes.subarray(32)), centre }
}

const decoders = {
  scan: async (picture) => look(picture, true),
  zxing: async ({ rgba: data, width, height }) => {
    const [found] = await readBarcodes({ data, width, height }, { formats: ['QRCode'], maxNumberOfSymbols: 1 })
    if (!found) return null
    const corners = ['topLeft', 'topRight', 'bottomRight', 'bottomLeft'].map((name) => found.position[name])
    const centre = ['x', 'y'].map((axis) => corners.reduce((sum, corner) => sum + corner[axis] / 4, 0))
    return { bytes: Buffer.from(found.bytes), centre }
  },
  jsqr: async ({ rgba, width, height }) => {
    const found = jsqr(rgba, width, height)
    if (!found) return null
    const { topLeftCorner: a, bottomRightCorner: b } = found.location
    return { bytes: Buffer.from(found.binaryData), centre: [(a.x + b.x) / 2, (a.y + b.y) / 2] }
  },
}

/** What became of a picture: read, wrong, or nothing. */
function judge(image, found) {
  if (!found) return 'nothing'
  if (image.polygons) return image.polygons.some((polygon) => inside(polygon, found.centre)) ? 'read' : 'nothing'
  if (image.text && sameText(image.text, found.bytes)) return 'read'
  return 'wrong'
}

const median = (values) => quantile(values, 0.5)
function quantile(values, at) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(at * sorted.length))] : NaN
}

if (!folder) console.log('No folder of real pictures (argument or QR_IMAGES): generated ones only.')
else if (!existsSync(folder)) console.log(`There is no folder ${folder}: generated pictures only.`)
const images = [...generated(generatedPath), ...(folder && existsSync(folder) ? find(folder) : [])]

const rows = new Map()
const worst = { scan: 0, zxing: 0, jsqr: 0, frame: 0 }
const wrong = []
const missed = []
let traps = 0
for (const image of images) {
  const picture = image.load()
  const reads = {}
  const pixels = picture.width * picture.height
  const row = rows.get(image.category) ?? { kind: image.kind, count: 0, read: {}, ms: {}, ns: {} }
  rows.set(image.category, row)
  row.count++
  const note = (name, outcome, ms) => {
    reads[name] = outcome === 'read'
    row.read[name] = (row.read[name] ?? 0) + (outcome === 'read' ? 1 : 0)
    ;(row.ms[name] ??= []).push(ms)
    ;(row.ns[name] ??= []).push((ms * 1e6) / pixels)
    worst[name] = Math.max(worst[name], ms)
  }
  for (const [name, decode] of Object.entries(decoders)) {
    if (name === 'jsqr' && (row.count - 1) % JSQR_EVERY) continue
    // The better of two, since other programs run too; jsQR once, since it is slow.
    let ms = Infinity
    let found = null
    for (let turn = 0; turn < (name === 'jsqr' ? 1 : 2); turn++) {
      const start = performance.now()
      try {
        found = await decode(picture)
      } catch (error) {
        if (name === 'scan') traps++
        found = null
      }
      ms = Math.min(ms, performance.now() - start)
    }
    const outcome = judge(image, found)
    if (outcome === 'wrong') wrong.push(`${name}: ${image.category} ${image.path ?? ''}`)
    note(name, outcome, ms)
  }
  // The stream: the same picture frame after frame, until it is read or every pass had its turn.
  scanner.restart()
  const frames = []
  let seen = null
  for (let turn = 0; turn < TURNS && !seen; turn++) {
    const start = performance.now()
    seen = look(picture, false)
    frames.push(performance.now() - start)
  }
  const outcome = judge(image, seen)
  if (outcome === 'wrong') wrong.push(`frame: ${image.category} ${image.path ?? ''}`)
  note('frame', outcome, frames.reduce((sum, ms) => sum + ms, 0) / frames.length)
  worst.frame = Math.max(worst.frame, ...frames)
  if (reads.frame !== reads.zxing) missed.push(`${reads.zxing ? 'zxing-wasm' : 'scan      '}  ${image.category} ${image.path ?? `picture ${row.count}`}`)
}

const names = ['frame', 'scan', 'zxing', 'jsqr']
const pad = (text, width) => String(text).padStart(width)
console.log('\nread / median ms / p95 ms.  frame: a stream of the picture, ms for each frame; scan: the whole cascade at once.\n')
console.log(`${'category'.padEnd(22)} images${names.map((name) => pad(name, 22)).join('')}`)
function line(title, some) {
  const count = some.reduce((sum, row) => sum + row.count, 0)
  const cells = names.map((name) => {
    const read = some.reduce((sum, row) => sum + row.read[name], 0)
    const ms = some.flatMap((row) => row.ms[name])
    const rate = ((100 * read) / ms.length).toFixed(1)
    return pad(`${rate}% ${median(ms).toFixed(1)} ${quantile(ms, 0.95).toFixed(1)}`, 22)
  })
  console.log(`${title.padEnd(22)} ${pad(count, 6)}${cells.join('')}`)
}
for (const [category, row] of rows) line(category, [row])
const of = (...kinds) => [...rows.values()].filter((row) => kinds.includes(row.kind))
const totals = { 'generated, dense': of('dense'), 'with text': of('text'), 'gate conditions': of('gate'), 'all photographs': of('gate', 'extreme') }
console.log()
for (const [title, some] of Object.entries(totals)) if (some.length) line(title, some)

const rate = (some, name) => (100 * some.reduce((s, r) => s + r.read[name], 0)) / some.reduce((s, r) => s + r.ms[name].length, 0)
const none = of('none').flatMap((row) => row.ns.frame)
const noneOf = (name) => of('none').flatMap((row) => row.ns[name])
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length
const goals = []
const goal = (met, text) => goals.push(`${met ? 'met    ' : 'NOT MET'}  ${text}`)
if (totals['gate conditions'].length) {
  const gate = rate(totals['gate conditions'], 'frame') - rate(totals['gate conditions'], 'zxing')
  const all = rate(totals['all photographs'], 'frame') - rate(totals['all photographs'], 'zxing')
  goal(gate >= 8, `gate conditions: zxing-wasm ${gate >= 0 ? '+' : ''}${gate.toFixed(1)} points (8 wanted)`)
  goal(all >= 5, `all photographs: zxing-wasm ${all >= 0 ? '+' : ''}${all.toFixed(1)} points (5 wanted)`)
}
const behind = [...rows].filter(([, row]) => row.read.frame < row.read.zxing - 1).map(([name]) => name)
goal(!behind.length, `no category more than one image behind zxing-wasm ${behind.join(', ')}`)
const dense = of('dense').reduce((sum, row) => sum + row.read.frame - row.read.zxing, 0)
goal(dense >= 0, `dense codes: ${dense >= 0 ? '+' : ''}${dense} beside zxing-wasm`)
const ours = wrong.filter((text) => !/^(zxing|jsqr)/.test(text))
goal(!ours.length, `wrong readings: ${ours.length} ${[...new Set(ours)].join('; ')}`)
goal(!traps, `traps: ${traps}`)
if (none.length) {
  const toZxing = mean(none) / mean(noneOf('zxing'))
  const toJsqr = mean(noneOf('jsqr')) / mean(none)
  goal(toZxing <= 0.75, `a frame without a code: ${mean(none).toFixed(1)} ns a pixel, ${toZxing.toFixed(2)} of zxing-wasm's (0.75 wanted)`)
  goal(toJsqr >= 15, `a frame without a code: 1/${toJsqr.toFixed(0)} of jsQR's (1/15 wanted)`)
}
goal(worst.frame <= 2 * worst.zxing, `worst frame ${worst.frame.toFixed(0)} ms, zxing-wasm's ${worst.zxing.toFixed(0)} ms (twice allowed); the whole cascade at once ${worst.scan.toFixed(0)} ms`)
const size = gzipSync(readFileSync(wasmPath), { level: 9 }).length / 1024
goal(size <= 100, `the decoder's module, made for speed: ${size.toFixed(0)} KB gzip (100 with the verifier)`)
console.log(`\n${goals.join('\n')}`)
if (MISSED) console.log(`\nread by one of the two only:\n${missed.sort().join('\n')}`)
