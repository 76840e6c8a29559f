// What the browser host and its page agree on before the contract can be spoken: the line's address and how it opens.

/** Path of the WebSocket. */
export const SOCKET_PATH = '/contract';
/** Subprotocol that is spoken; the token is offered beside it as `overfit.token.<token>`. */
export const PROTOCOL = 'overfit.v1';
export const TOKEN_PROTOCOL_PREFIX = 'overfit.token.';
