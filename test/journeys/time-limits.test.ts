import t from 'tap'
import { halfHeadersAreClosed } from '../fixtures/half-requests.js'

t.test('half a request has the time that the documents say, its headers ten seconds', halfHeadersAreClosed)
