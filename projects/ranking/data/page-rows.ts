/** The snapshot's rows in a file: one JSON line a listing and a page. The same rows give the same bytes. */
import { open, readFile } from 'node:fs/promises'
import { SlipwayError } from '../../../contracts/failure.js'
import type { Listing } from '../listing.js'
import type { Page, PageItem, PageOrder, Rows } from './page.js'

export const COLUMNS = [
  { name: 'listing', type: 'id, title, brand, category, colour, text, price, rating, ratings' },
  { name: 'page', type: 'id, at in ms since 1970, query, order popular, shuffled or judged' },
  { name: 'page item', type: 'listing, units sold, flags 1 blocked + 2 out of stock + 4 viewed, position, gain' },
] as const

type ItemLine = [listing: string, sold: number | null, flags: number, position: number | null, gain: number | null]

interface Lines {
  readonly listing?: Listing
  readonly page?: { readonly id: string; readonly at: number; readonly query: string; readonly order: PageOrder }
  readonly items?: readonly ItemLine[]
}

const itemLine = ({ listing, sold, blocked, inStock, viewed, position, gain }: PageItem): ItemLine => [
  listing,
  sold,
  (blocked ? 1 : 0) + (inStock ? 0 : 2) + (viewed ? 4 : 0),
  position,
  gain,
]

// Written without a spread for speed: a snapshot has half a million of them.
const itemOf = ([listing, sold, flags, position, gain]: ItemLine): PageItem => ({
  listing,
  sold,
  blocked: (flags & 1) !== 0,
  inStock: (flags & 2) === 0,
  position,
  viewed: (flags & 4) !== 0,
  gain,
})

const CHUNK = 2_000

export async function writeRows(file: string, { listings, pages }: Rows): Promise<void> {
  const handle = await open(file, 'wx')
  try {
    const lines = [
      ...[...listings.values()].map((listing) => JSON.stringify({ listing })),
      ...pages.map(({ items, ...page }) => JSON.stringify({ page, items: items.map(itemLine) })),
    ]
    for (let from = 0; from < lines.length; from += CHUNK) {
      await handle.writeFile(`${lines.slice(from, from + CHUNK).join('\n')}\n`)
    }
  } finally {
    await handle.close()
  }
}

/** @throws SlipwayError BadData when the file was not written by `writeRows` */
export async function readRows(file: string): Promise<Rows> {
  const listings = new Map<string, Listing>()
  const pages: Page[] = []
  const lines = (await readFile(file, 'utf8')).split('\n').slice(0, -1)
  lines.forEach((line, index) => {
    const { listing, page, items } = parse(line, index + 1)
    if (listing) listings.set(listing.id, listing)
    else if (page && items) pages.push({ ...page, items: items.map(itemOf) })
    else throw new SlipwayError('BadData', `snapshot row ${index + 1} is neither a listing nor a page`)
  })
  return { listings, pages }
}

function parse(line: string, row: number): Lines {
  try {
    return JSON.parse(line) as Lines
  } catch (error) {
    throw new SlipwayError('BadData', `snapshot row ${row} is not JSON`, { cause: error })
  }
}
