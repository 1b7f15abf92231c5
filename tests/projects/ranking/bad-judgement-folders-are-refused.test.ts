import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRows } from '../../../projects/ranking/data/page-rows.js'
import { openShopFolder, type Shop } from './shop-folder.js'

let shop: Shop
beforeAll(() => {
  shop = openShopFolder()
})
afterAll(() => shop.remove())

const WORDS = ['kettle', 'lamp', 'bag', 'mug', 'desk', 'chair', 'towel', 'lens', 'drill', 'rope']
const QUERIES = 100
const PRODUCTS = 120

type Json = Record<string, unknown>
const product = (index: number): Json => ({
  asin: `P${index}`,
  title: `${WORDS[index % 10]} number ${index}`,
  brand: index % 3 === 0 ? null : `Brand ${index % 7}`,
  color: 'black',
  category: ['Home', String(WORDS[index % 10])],
  bullet_points: `a good ${WORDS[index % 10]}`,
  description: '',
  price: index % 4 === 0 ? null : 10 + index,
  rating: 4.2,
  rating_count: 100 + index,
})
const query = (index: number): { query: string; ratings: Json[] } => ({
  query: `${WORDS[index % 10]} ${index}`,
  ratings: Array.from({ length: 8 }, (_, item) => ({
    docId: `P${(index + item * 10) % PRODUCTS}`,
    rating: ['100.000', '10.000', '1.000', '0.000'][item % 4],
  })),
})
const products = () => Array.from({ length: PRODUCTS }, (_, index) => product(index))
const queries = () => Array.from({ length: QUERIES }, (_, index) => query(index))
const lines = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).join('\n')
const judgements = (rows: readonly unknown[]) => JSON.stringify({ name: 'some', judgmentRatings: rows })

let folders = 0
/** Undefined leaves the file out. */
function folderWith(files: {
  products?: string | Buffer | undefined
  judgements?: string | Buffer | undefined
}): string {
  folders += 1
  const folder = join(shop.path, `set-${folders}`)
  mkdirSync(folder)
  const given = { products: lines(products()), judgements: judgements(queries()), ...files }
  if (given.products !== undefined) writeFileSync(join(folder, 'products.jsonl'), given.products)
  if (given.judgements !== undefined) writeFileSync(join(folder, 'my_judgments.json'), given.judgements)
  return folder
}

const refused = (source: string, message: RegExp) =>
  expect(shop.snapshot(source)).rejects.toMatchObject({
    type: 'BadData',
    message: expect.stringMatching(message) as string,
  })

const changed = <Item>(items: Item[], index: number, change: Item): Item[] => items.with(index, change)

describe('a folder of judged queries', () => {
  it('that is valid is imported; the source’s name says what is derived', async () => {
    const { snapshot, dataFile } = await shop.snapshot(folderWith({ products: gzipSync(lines(products())) }))
    expect(snapshot.source.name).toMatch(/blocked flags, times and shoppers are derived/)
    const { listings, pages } = await readRows(dataFile)
    expect(listings.size).toBe(PRODUCTS)
    // A fifth is kept for traffic, and the rest is on one side of the split each.
    expect(pages.length).toBeGreaterThan(60)
    expect(pages.length).toBeLessThan(95)
    expect(new Set(pages.map((page) => page.query)).size).toBe(pages.length)
    expect([...new Set(pages[0]?.items.map(({ gain }) => gain))]).toEqual([1, 0.1, 0.01, 0])
  })

  const cases: readonly [string, Parameters<typeof folderWith>[0], RegExp][] = [
    ['without judgements', { judgements: undefined }, /needs one file of judged queries .* it has none/],
    ['without a catalogue', { products: undefined }, /needs one file of products .* it has none/],
    ['with an empty catalogue', { products: '' }, /products\.jsonl is empty/],
    ['with a catalogue of blank lines', { products: '\n\n' }, /has no products/],
    ['with an empty file of judgements', { judgements: '' }, /my_judgments\.json is empty/],
    ['cut short in its catalogue', { products: lines(products()).slice(0, -20) }, /line 120 is not JSON; .*truncated/],
    [
      'cut short in its gzip',
      { products: gzipSync(lines(products())).subarray(0, 400) },
      /truncated: the gzip stream ends early/,
    ],
    [
      'cut short in its judgements',
      { judgements: judgements(queries()).slice(0, -9) },
      /my_judgments\.json is not JSON; it is truncated/,
    ],
    ['with a table instead of judgements', { judgements: 'query,product\na,b' }, /is not JSON/],
    ['whose judgements lack their list', { judgements: '{"name": "x"}' }, /judgmentRatings is missing/],
    [
      'with a query without judged products',
      { judgements: judgements(changed(queries(), 4, { query: 'desk 4', ratings: [] })) },
      /has query "desk 4" without judged products; judge some or remove the query/,
    ],
    ['with a query twice', { judgements: judgements([...queries(), query(0)]) }, /has query "kettle 0" twice/],
    [
      'with one product judged twice for a query',
      {
        judgements: judgements(
          changed(queries(), 0, { query: 'kettle 0', ratings: [...query(0).ratings, { docId: 'P0', rating: '0' }] }),
        ),
      },
      /judges product P0 twice for query "kettle 0"/,
    ],
    [
      'with a grade that is none',
      {
        judgements: judgements(
          changed(queries(), 0, { query: 'kettle 0', ratings: [{ docId: 'P0', rating: 'good' }] }),
        ),
      },
      /judgmentRatings\.0\.ratings\.0\.rating is "good": must be a grade from 0 to 100/,
    ],
    [
      'with a grade out of range',
      { judgements: judgements(changed(queries(), 0, { query: 'kettle 0', ratings: [{ docId: 'P0', rating: 101 }] })) },
      /rating is 101: must be a grade from 0 to 100/,
    ],
    [
      'with two rows for one product',
      { products: lines([...products(), product(7)]) },
      /has two rows for product P7, lines 8 and 121/,
    ],
    [
      'with a product without a title',
      { products: lines(changed(products(), 2, { ...product(2), title: undefined })) },
      /line 3: title is missing/,
    ],
    [
      'with a product without an id',
      { products: lines(changed(products(), 2, { ...product(2), asin: undefined })) },
      /line 3: asin is missing/,
    ],
    [
      'with a price in words',
      { products: lines(changed(products(), 5, { ...product(5), price: 'cheap' })) },
      /line 6: price is "cheap"/,
    ],
    [
      'with stars and prices that cannot be',
      {
        products: lines(
          products().map((row, index) => (index < 3 ? { ...row, rating: 9 } : index < 5 ? { ...row, price: -1 } : row)),
        ),
      },
      /has 5 of 120 products that cannot be used: 3 for stars outside 0\.\.5 \(line \d+: product \S+; .*\), 2 for a price below 0 \(.*\); fix them first, at most 1 %/,
    ],
    [
      'judged on products of another catalogue',
      { products: lines(products().slice(0, 60)) },
      /judges \d+ products that are not in the catalogue, first P60 of query/,
    ],
    [
      'of too few queries',
      { judgements: judgements(queries().slice(0, 20)) },
      /has 20 judged queries; at least 80 are required/,
    ],
  ]
  it.each([
    ['0', '0.000'],
    ['the greatest', 100],
  ])('in which every grade is %s teaches nothing and is refused', async (_, rating) => {
    const flat = queries().map((one) => ({ ...one, ratings: one.ratings.map((item) => ({ ...item, rating })) }))
    await refused(
      folderWith({ judgements: judgements(flat) }),
      /has 0 of 100 judged queries whose products have different grades, so no order is better .*; grade products/,
    )
  })

  it.each(cases)('%s is refused', async (_, files, message) => refused(folderWith(files), message))

  it('with a single invalid row is imported without it, and the row is counted', async () => {
    const { snapshot } = await shop
      .snapshot(folderWith({ products: lines(changed(products(), 119, { ...product(119), rating: -1 })) }))
      .catch((error: Error) => ({ snapshot: { rejected: error.message } }))
    // Judged 8 times of 800: at the limit of 1 % of judgements without a product.
    expect(snapshot.rejected).toMatchObject([
      { reason: 'stars outside 0..5', rows: 1, examples: [expect.stringMatching(/^line 120: product /)] },
      { reason: 'judged, but not in the catalogue', rows: expect.any(Number) as number },
    ])
  })
})

describe('a source that is not a folder', () => {
  it('is refused, with what to give instead', async () => {
    await refused(join(shop.path, 'nowhere'), /nowhere does not exist; give a folder with judged queries/)
    const text = join(shop.path, 'notes.txt')
    writeFileSync(text, 'hello')
    await refused(text, /notes\.txt does not describe a generated shop: .*write for example \{/)
    await refused(shop.world({ situation: 'storm' }), /situation: /)
    await refused(shop.world({ sead: 3 }), /sead/)
    await refused(shop.world({ seed: -1 }), /seed: /)
  })

  it('with a cutoff before returns are known is refused, with the required days', async () => {
    await expect(shop.snapshot(undefined, Date.parse('2025-01-15T00:00:00Z'))).rejects.toMatchObject({
      type: 'BadData',
      message: expect.stringMatching(
        /nothing before 2025-01-06 for the cutoff 2025-01-15; 20 days are required/,
      ) as string,
    })
  })
})
