import t from 'tap'
import { halfHeadersAreClosed } from '../fixtures/half-requests.js'

t.test('half a request has the documented time, its headers ten seconds', halfHeadersAreClosed)
