/** The permissions that the stand-in asks about, as Discord numbers them. Source: its reference, "Bitwise permission flags". */
export const PERMISSIONS = {
  Administrator: 1n << 3n,
  ViewChannel: 1n << 10n,
  SendMessages: 1n << 11n,
  ManageMessages: 1n << 13n,
  EmbedLinks: 1n << 14n,
  AttachFiles: 1n << 15n,
  ReadMessageHistory: 1n << 16n,
  MentionEveryone: 1n << 17n,
  UseApplicationCommands: 1n << 31n,
  ManageThreads: 1n << 34n,
  CreatePublicThreads: 1n << 35n,
  SendMessagesInThreads: 1n << 38n,
  PinMessages: 1n << 51n,
} as const

export type PermissionName = keyof typeof PERMISSIONS

/** The bits of these permissions together. */
export function bitsOf(names: readonly PermissionName[]): bigint {
  return names.reduce((bits, name) => bits | PERMISSIONS[name], 0n)
}

/** What everybody in the stand-in's guild may do. */
export const EVERYONE = bitsOf([
  'ViewChannel',
  'SendMessages',
  'EmbedLinks',
  'AttachFiles',
  'ReadMessageHistory',
  'UseApplicationCommands',
])

/** What the role of the bot adds: what a careful owner ticks on the page of the invitation. */
export const BOT_ROLE = bitsOf(['MentionEveryone', 'CreatePublicThreads', 'SendMessagesInThreads', 'PinMessages'])

/** What a channel allows and denies to one member. */
export type Overwrite = { readonly allow: bigint; readonly deny: bigint }

/** What the overwrite leaves of these bits. */
export function withOverwrite(bits: bigint, { allow, deny }: Overwrite): bigint {
  return (bits & ~deny) | allow
}

/** The overwrite that makes exactly `wanted` of `bits`. */
export function overwriteFor(bits: bigint, wanted: bigint): Overwrite {
  return { allow: wanted & ~bits, deny: bits & ~wanted }
}
