/** Whoever sends something. */
export interface Sender {
  /** Messages so far that nobody asked it for. */
  strikes: number;
}

/** What is done about blocks and addresses that nobody asked for. */
export interface UnaskedMessages {
  /** `take`: as if they had been asked for; `drop`: not looked at; `ban`: the sender has to go. */
  judge(sender: Sender): 'take' | 'drop' | 'ban';
}

/** An answer can come when nobody waits any more; nobody sends as many as these by mistake. */
const MAX_STRIKES = 20;

/** The node's way: they are dropped before they are read, and whoever sends many is banned. */
export const STRUCK: UnaskedMessages = {
  judge: (sender) => {
    sender.strikes += 1;
    return sender.strikes > MAX_STRIKES ? 'ban' : 'drop';
  },
};

/** ALFIS's way before any fix: nothing checks whether something was asked for. */
export const TAKEN: UnaskedMessages = { judge: () => 'take' };
