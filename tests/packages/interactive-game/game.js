// Meadow pairs: a memory game. Every found pair is saved, so that a learner who leaves goes on where they were; the
// grade counts the turns it took. What the game knows is written to <html data-…>, for whoever looks from outside.
'use strict';

(function () {
  const PAIRS = [
    ['Honey bee', 'Fans nectar until it is honey'],
    ['Earthworm', 'Carries leaves into the soil'],
    ['Ladybird', 'Eats aphids'],
    ['Mole', 'Digs tunnels that let in air'],
    ['Skylark', 'Sings while it climbs'],
    ['Dung beetle', 'Rolls away what cows leave'],
  ];
  const KEY = 'board';
  /** Turns in which somebody with an ordinary memory is done; every one beyond costs points. */
  const GOOD_TURNS = 10;
  const LOST_PER_TURN = 3;
  const PASS = 50;
  const SHOWN_MS = 900;

  const root = document.documentElement;
  const place = (id) => document.getElementById(id);
  const say = (text) => (place('said').textContent = text);
  const trouble = (error) => (place('trouble').textContent = error ? error.message : '');

  const state = { deck: [], found: [], turns: 0 };
  let open = [];
  let runtime;
  /** Calls go out one after the other: progress must not overtake itself. */
  let last = Promise.resolve();

  function queue(call) {
    last = last.then(call).then(() => trouble(), trouble);
    return last;
  }

  function shuffled() {
    const deck = PAIRS.flatMap((_pair, index) => [`${index}a`, `${index}b`]);
    for (let at = deck.length - 1; at > 0; at--) {
      const other = Math.floor(Math.random() * (at + 1));
      [deck[at], deck[other]] = [deck[other], deck[at]];
    }
    return deck;
  }

  const pairOf = (card) => Number.parseInt(card, 10);
  const textOf = (card) => PAIRS[pairOf(card)][card.endsWith('a') ? 0 : 1];
  const isFound = (card) => state.found.includes(pairOf(card));
  const score = () => Math.max(0, 100 - LOST_PER_TURN * Math.max(0, state.turns - GOOD_TURNS));

  function draw() {
    const board = place('board');
    while (board.children.length < state.deck.length) {
      const button = document.createElement('button');
      button.type = 'button';
      const at = board.children.length;
      button.addEventListener('click', () => turn(at));
      board.append(button);
    }
    state.deck.forEach((card, at) => {
      const button = board.children[at];
      const shown = isFound(card) || open.includes(at);
      button.textContent = shown ? textOf(card) : `Card ${at + 1}`;
      button.toggleAttribute('data-face', shown);
      button.toggleAttribute('data-found', isFound(card));
      // Stays in the tab order, so that nobody is thrown out of the board by finding a pair.
      button.setAttribute('aria-disabled', String(shown));
    });
    place('pairs').textContent = `${state.found.length} of ${PAIRS.length}`;
    place('turns').textContent = String(state.turns);
    root.dataset.found = String(state.found.length);
    root.dataset.turns = String(state.turns);
  }

  function turn(at) {
    const card = state.deck[at];
    if (open.length === 2 || open.includes(at) || isFound(card) || root.dataset.state !== 'playing') {
      return;
    }
    open.push(at);
    draw();
    if (open.length === 1) {
      say(`Card ${at + 1}: ${textOf(card)}.`);
      return;
    }
    state.turns += 1;
    const [first, second] = open.map((index) => state.deck[index]);
    if (pairOf(first) === pairOf(second)) {
      state.found.push(pairOf(first));
      open = [];
      draw();
      say(`${textOf(card)}. That is a pair!`);
      found();
      return;
    }
    say(`Card ${at + 1}: ${textOf(card)}. No pair.`);
    setTimeout(() => {
      open = [];
      draw();
    }, SHOWN_MS);
  }

  function found() {
    const complete = state.found.length === PAIRS.length;
    if (complete) {
      root.dataset.state = 'ending';
      say(`All pairs found in ${state.turns} turns: ${score()} points.`);
    }
    if (!runtime || runtime.context.mode !== 'normal') {
      return;
    }
    const percent = Math.round((state.found.length / PAIRS.length) * 100);
    queue(() => runtime.save(KEY, state));
    queue(() => runtime.event('pair.found', { turns: state.turns, found: state.found.length }));
    queue(() => runtime.progress(percent));
    if (complete) {
      queue(() => runtime.complete(score(), 100, score() >= PASS)).then(() => (root.dataset.state = 'completed'));
    }
  }

  async function start() {
    say('Connecting…');
    try {
      runtime = await window.CourseRuntime.connect();
      Object.assign(state, await runtime.load(KEY));
    } catch (error) {
      trouble(error);
    }
    const resumed = state.found.length > 0;
    if (state.deck.length === 0) {
      state.deck = shuffled();
    }
    root.dataset.state = state.found.length === PAIRS.length ? 'completed' : 'playing';
    draw();
    say(resumed ? `Welcome back: ${state.found.length} pairs are found already.` : 'Pick a card.');
  }

  void start();
})();
