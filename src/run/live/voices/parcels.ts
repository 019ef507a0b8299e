import type { Notice } from '../../../chat/notice/notice.ts'
import type { Reply } from '../../../chat/reply.ts'
import type { Parcel, Priority } from '../../../voices/outbox-parcel.ts'
import type { Place } from '../../../voices/surface.ts'

/** The machine's numbers as the outbox names them. */
const PRIORITIES: Readonly<Record<Notice['priority'], Priority>> = {
  0: 'page',
  1: 'action',
  2: 'update',
  3: 'outcome',
  4: 'info',
  5: 'digest',
}

/** A notice on its way to each place that its target has: a person may have two accounts, and a group one topic for each purpose. */
export function parcelsOf(notice: Notice, places: readonly Place[], reply: Reply): readonly Parcel[] {
  const { id, version, subject, isUpdate, expiresAt, loudness, calls } = notice
  const priority = PRIORITIES[notice.priority]
  const isSilent = loudness === 'silent'
  return places.map(place => ({
    place,
    id,
    priority,
    reply,
    isSilent,
    calls,
    version,
    subject,
    isUpdate,
    expiresAt,
  }))
}
