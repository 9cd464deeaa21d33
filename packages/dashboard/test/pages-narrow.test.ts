import { lookAtPages } from './support/look-at-pages.ts';

lookAtPages('narrow');
