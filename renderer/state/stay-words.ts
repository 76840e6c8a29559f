// Why layers that are to be moved stay where they are, in words.
import type { Translator } from '../messages/translator.ts';
import type { StayReason } from '../model/network/groups.ts';

export const stayWords =
  (reason: StayReason) =>
  (t: Translator): string =>
    'layer' in reason
      ? t.text(`building.stay.${reason.why}`, { layer: reason.layer })
      : t.text(`building.stay.${reason.why}`);
