import { badRequest, type Fields, type Upload } from './wire.ts'

/** A photo that was uploaded, with its bytes as they came. */
export type Photo = {
  readonly fileId: string
  readonly name: string
  readonly bytes: Buffer
  readonly width: number
  readonly height: number
}

export const PHOTO_BYTES_MAX = 10 * 1_024 * 1_024
/** Of width and height together. */
const SIDES_MAX = 10_000
const RATIO_MAX = 20
const PNG = Buffer.from('89504e470d0a1a0a', 'hex')
const JPEG = Buffer.from('ffd8ff', 'hex')

/** The photo that a field names: a part of the same call, or a `file_id` that was given out before. */
export function photoOf(
  value: unknown,
  part: string,
  files: ReadonlyMap<string, Upload>,
  known: ReadonlyMap<string, Photo>,
  freshId: () => string,
): Photo {
  const named = typeof value === 'string' && value.startsWith('attach://') ? value.slice('attach://'.length) : part
  const upload = files.get(named)
  if (upload !== undefined) return { fileId: freshId(), ...checkedImage(upload) }
  if (value === undefined) throw badRequest('there is no photo in the request')
  const photo = typeof value === 'string' ? known.get(value) : undefined
  if (photo === undefined) throw badRequest('wrong file identifier/HTTP URL specified')
  return photo
}

function checkedImage({ name, bytes }: Upload): Omit<Photo, 'fileId'> {
  if (bytes.length === 0) throw badRequest('file must be non-empty')
  if (bytes.length > PHOTO_BYTES_MAX) throw badRequest('file is too big')
  const sides = sidesOf(bytes)
  if (sides === undefined) throw badRequest('IMAGE_PROCESS_FAILED')
  const { width, height } = sides
  const ratio = Math.max(width, height) / Math.min(width, height)
  if (width + height > SIDES_MAX || !(ratio <= RATIO_MAX)) throw badRequest('PHOTO_INVALID_DIMENSIONS')
  return { name, bytes, width, height }
}

/** `undefined` for what is neither PNG nor JPEG. */
function sidesOf(bytes: Buffer): { width: number; height: number } | undefined {
  if (bytes.subarray(0, PNG.length).equals(PNG) && bytes.length >= 24)
    return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
  if (bytes.subarray(0, JPEG.length).equals(JPEG)) return sidesOfJpeg(bytes)
  return undefined
}

/** Walks over the segments to the frame header, which holds the sides. */
function sidesOfJpeg(bytes: Buffer): { width: number; height: number } | undefined {
  let at = 2
  while (at + 9 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame) return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) }
    at += 2 + bytes.readUInt16BE(at + 2)
  }
  return undefined
}

/** A photo on the wire: its sizes, of which there is one here. */
export function photoSizes(photo: Photo): readonly Fields[] {
  const { fileId, bytes, width, height } = photo
  return [{ file_id: fileId, file_unique_id: `u${fileId}`, file_size: bytes.length, width, height }]
}
