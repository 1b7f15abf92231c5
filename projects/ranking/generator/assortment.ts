/** The assortment of the generated shop: eight aisles, each with nouns, possible features and a usual price. */

export interface Aisle {
  readonly name: string
  /** Two names for the same thing. Shoppers and sellers use either. */
  readonly nouns: readonly [string, string]
  readonly features: readonly string[]
  /** The aisle of similar products that an imprecise search finds, too. */
  readonly neighbour: number
  readonly price: number
}

export const AISLES: readonly Aisle[] = [
  {
    name: 'Kettles',
    nouns: ['kettle', 'water boiler'],
    features: ['electric', 'gooseneck', 'stainless', 'glass', 'cordless', 'foldable', 'whistling', '1l', '2l'],
    neighbour: 1,
    price: 45,
  },
  {
    name: 'Coffee Grinders',
    nouns: ['coffee grinder', 'burr mill'],
    features: ['manual', 'electric', 'conical', 'ceramic', 'quiet', 'portable', 'adjustable', 'stainless', '40g'],
    neighbour: 0,
    price: 60,
  },
  {
    name: 'Headphones',
    nouns: ['headphones', 'headset'],
    features: ['wireless', 'wired', 'noise cancelling', 'foldable', 'gaming', 'microphone', 'sport', 'kids', '40h'],
    neighbour: 3,
    price: 80,
  },
  {
    name: 'Speakers',
    nouns: ['speaker', 'sound box'],
    features: ['wireless', 'waterproof', 'portable', 'stereo', 'bass', 'solar', 'mini', 'microphone', '20h'],
    neighbour: 2,
    price: 55,
  },
  {
    name: 'Backpacks',
    nouns: ['backpack', 'rucksack'],
    features: ['waterproof', 'laptop', 'hiking', 'school', 'foldable', 'leather', 'kids', 'usb', '30l'],
    neighbour: 5,
    price: 50,
  },
  {
    name: 'Travel Bags',
    nouns: ['travel bag', 'holdall'],
    features: ['wheeled', 'leather', 'foldable', 'waterproof', 'cabin', 'weekend', 'canvas', 'sport', '40l'],
    neighbour: 4,
    price: 65,
  },
  {
    name: 'Desk Lamps',
    nouns: ['desk lamp', 'reading light'],
    features: ['dimmable', 'usb', 'cordless', 'clamp', 'touch', 'architect', 'kids', 'solar', '10w'],
    neighbour: 7,
    price: 35,
  },
  {
    name: 'Lanterns',
    nouns: ['lantern', 'camping light'],
    features: ['solar', 'foldable', 'waterproof', 'rechargeable', 'hanging', 'mini', 'dimmable', 'magnetic', '5w'],
    neighbour: 6,
    price: 25,
  },
]

export const BRANDS = [
  'Norvik',
  'Tallow',
  'Brightwell',
  'Kestrel',
  'Ostara',
  'Palimo',
  'Quenby',
  'Rivermark',
  'Sandoval',
  'Tessera',
  'Umbria',
  'Velden',
  'Westgate',
  'Yarrow',
  'Zephyr',
  'Alder',
  'Bexley',
  'Corvo',
  'Dunmore',
  'Elwood',
] as const

export const COLOURS = ['black', 'white', 'silver', 'red', 'blue', 'green', 'grey', 'copper'] as const
