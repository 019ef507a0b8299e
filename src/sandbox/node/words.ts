/** A number as JSON-RPC has it: hexadecimal, without leading zeros. */
export function quantity(value: number): string {
  return `0x${value.toString(16)}`
}

/** One word of a log's data, 64 digits without the `0x`. */
export function word(value: bigint | number): string {
  return value.toString(16).padStart(64, '0')
}

/** An address as a topic. */
export function addressTopic(address: string): string {
  return `0x${'0'.repeat(24)}${address.slice(2)}`
}

/** Dollars or shares in millionths, as the chain counts both. */
export function millionthsOf(amount: number): number {
  return Math.round(amount * 1_000_000)
}
