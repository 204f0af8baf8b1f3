"""Every open question about the appliance, with its possible answers.

A switch's default is what the source says where one says anything, else the plainest
answer. A client has to work with every answer.
"""

from citrix_waf_lab.dialects import Switch
from citrix_waf_lab.netscaler.switches_access import ACCESS, FORM
from citrix_waf_lab.netscaler.switches_sets import SETS
from citrix_waf_lab.netscaler.switches_system import BULK, NODE

SWITCHES: tuple[Switch, ...] = (*ACCESS, *FORM, *SETS, *BULK, *NODE)
