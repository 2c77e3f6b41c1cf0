"""Which characters and words can be part of a name, and which cannot."""

NOT_GIVEN = frozenset(
    "让把在对说将和与的等被就又也不没从是有给向跟同连都还先后用利于要叫这那每经自为以到去来做拿收找会已曾"
    "曾再却只能可应该总常直从天月年日上下里外前之其他她它我你您们个次点件元块万号某因由所如及或并且但而则"
    "着过了吗呢吧啊无未非别多少名处理当带签批退扣骂私卖倒偷吃喝开调查问请换停取打评改推拖提一二三四五六七"
    "八九十两几半串拉跑站坐写发报借骗敲瞒掏导负分主手身"
)
"""Characters that follow a surname without being a given name: verbs, particles, numbers."""

UNIT_ENDS = frozenset("部区店组科室处级目务间门线班厂仓员心")
"""Last characters of units; a name may begin behind them."""

BEFORE_NAMES = frozenset("我你他她它们的和与对说让把叫跟向同给被是在找问请")
"""Pronouns and verbs behind which a name may begin."""

AMBIGUOUS_SURNAMES = frozenset("向于全应管成文万安包路车连边房毛项任方时常左关司高华")
"""Surnames that are everyday words too."""

_NOT_NAMES = """
    安装 安全 高级 项目 方案 华东 华南 华北 华中 路政 车队 门店 白班 包装 成果 任务 时间 金融
"""
NOT_NAMES = frozenset(_NOT_NAMES.split())
"""What looks like surname and given name and is none."""

_NOT_NAMES_EN = """
    Dear Hello Best Kind Regards Thanks Thank Please Team General Manager Human Resources Customer
    Service Export Sales January February March April May June July August September October
    November December Monday Tuesday Wednesday Thursday Friday Saturday Sunday The This That Our My
    We I Since After Before When Yesterday Last Hong Kong New Mr Ms Mrs Dr Sir Madam Two Three Four
    One It In On At For And But Because He She They His Her If As
"""
NOT_NAMES_EN = frozenset(_NOT_NAMES_EN.split())
"""Capitalised English words that are no names."""
