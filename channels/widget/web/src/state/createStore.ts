import type { Action } from "./action";
import { reduce } from "./reduce";
import { INITIAL, type State } from "./state";

export interface Store {
  get(): State;
  dispatch(action: Action): void;
  subscribe(listener: (state: State) => void): void;
}

export function createStore(): Store {
  let state = INITIAL;
  const listeners: ((state: State) => void)[] = [];
  return {
    get: () => state,
    dispatch(action) {
      state = reduce(state, action);
      for (const listener of listeners) listener(state);
    },
    subscribe: (listener) => void listeners.push(listener),
  };
}
