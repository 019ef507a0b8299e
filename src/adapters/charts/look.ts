/** How the pictures look: sizes for a screen a third as wide, and colours that the colour-blind tell apart. */
export const WIDTH = 1200
export const HEIGHT = 1000
/** What is drawn keeps this far from the edges. */
export const MARGIN = 44

/** Where the last row ends; its letters have air of their own. */
export const BOTTOM = HEIGHT - 30

/** No letter is smaller: on a phone 400 points wide it is a third of this. */
export const SMALL = 29
export const PLAIN = 32

/** A hyphen in large type is too short to be seen as a sign. */
export const MINUS = '−'

/** Blue and orange of Okabe and Ito (2008), which every kind of colour vision tells apart, lightened for the dark ground. */
export const COLOURS = {
  ground: '#0f1521',
  text: '#f5f7fb',
  muted: '#aeb9cb',
  line: '#2b3547',
  zero: '#5b6880',
  gain: '#5cbcf2',
  loss: '#f7a440',
} as const

export function colourOf(amount: bigint | number): string {
  return amount < 0 ? COLOURS.loss : COLOURS.gain
}
