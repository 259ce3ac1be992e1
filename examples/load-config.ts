import { Balancer, deny, header } from 'fairlead'
import { loadConfig } from 'fairlead/config'

const config = await loadConfig('examples/demo/haproxy.cfg')
config.frontend('web').httpRequest.prepend(deny(403).if(header('user-agent').matches(/scrapy/i)))
const balancer = new Balancer(config)
await balancer.start()
console.log('listening on port', config.frontend('web').address().port)
