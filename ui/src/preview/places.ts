/** Names of the places that a route can be, so that none is without a scene. */
import type { Route } from '../app/navigation.svelte';

type Named<R> = R extends { screen: infer S extends string; step: infer T extends string }
  ? `${S} ${T}`
  : R extends { screen: 'activity' }
    ? 'activity' | 'activity requests'
    : R extends { screen: infer S extends string; view: infer V extends string }
      ? `${S} ${V}`
      : R extends { screen: infer S extends string; selected: unknown }
        ? S | `${S} one`
        : R extends { screen: infer S extends string }
          ? S
          : never;

export type Place = Named<Route>;

/** The name of the place that a route leads to. */
export function placeOf(route: Route): Place {
  switch (route.screen) {
    case 'connect':
      return `connect ${route.step}`;
    case 'providers':
      return `providers ${route.view}`;
    case 'activity':
      return route.view ? 'activity requests' : 'activity';
    case 'connections':
    case 'programs':
      return route.selected === null ? route.screen : `${route.screen} one`;
    default:
      return route.screen;
  }
}

const all: Record<Place, true> = {
  connections: true,
  'connections one': true,
  attention: true,
  accounts: true,
  'connect choose': true,
  'connect review': true,
  'connect attempt': true,
  'connect institutions': true,
  'connect institution': true,
  'connect link': true,
  'connect again': true,
  'connect companies': true,
  'connect platforms': true,
  'connect platform': true,
  activity: true,
  'activity requests': true,
  programs: true,
  'programs one': true,
  'providers list': true,
  'providers new': true,
  'providers edit': true,
  'providers origins': true,
  'providers texts': true,
  settings: true,
  help: true,
};

/** Every place; one that is missing does not compile. */
export const places = Object.keys(all) as Place[];
