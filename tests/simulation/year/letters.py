"""What people write to the office in a year: every kind of P3, from templates, each letter with numbers of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.simulation.dice import Dice

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = (
    "秀兰",
    "志远",
    "雅琴",
    "建军",
    "晓燕",
    "文斌",
    "淑芬",
    "国栋",
    "美玲",
    "海波",
    "玉珍",
    "伟民",
    "春花",
    "永强",
    "丽娟",
    "天佑",
)
GOODS = ("空气炸锅", "电水壶", "电饭煲", "养生壶", "豆浆机", "吸尘器", "电磁炉", "加湿器", "破壁机", "电烤箱")
PLACES = ("一号楼", "东门", "西门", "北厂区", "南仓", "二楼走廊", "三号线", "成品区", "食堂后门", "宿舍五栋")
WRITERS = ("tan.hao", "fan.sufen", "miao.qing", "ran.yong", "mo.xiaolan", "wu.xiaotong", "qin.dayong", "hou.dexing")
"""Staff who write confidential letters, and nothing else."""
STAFF = (
    "shen.liang", "xie.wenjing", "wen.zhiyuan", "jiang.yaqin", "zhuang.xuemei", "huang.qiuyan", "zeng.qingfa",
    "fang.zhi", "yin.hang", "pan.yue", "kong.xiaomin", "yue.ting", "shi.yan", "han.peng", "bai.xue",
)  # fmt: skip
STAFF_EN = ("daniel.okoro", "tomasz.z", "jamal.peters", "priya.nair")
HEADS = {"he.zhiqiang": "物流经理何志强", "zheng.wen": "财务经理郑文", "luo.jianping": "质量经理罗建平", "feng.xia": "行政经理冯霞",
         "ma.jun": "销售经理马骏", "sun.li": "采购经理孙立", "qi.guangming": "厂长齐光明", "tian.guoqiang": "冲压车间主任田国强"}  # fmt: skip
"""Of whom people complain, and how they call them."""


@dataclass
class Draft:
    """One letter before it is put into bytes."""

    kind: str
    """The type that it is meant as."""
    sender: str
    name: str
    subject: str
    text: str
    token: str
    """A number that stands in this letter alone."""
    blames: tuple[str, ...] = ()
    """Addresses of those of whom it complains."""
    charset: str = "utf-8"
    language: str = "zh"
    private: tuple[str, ...] = ()
    """What tells who the writer of a confidential letter is."""


_PARTS: dict[str, tuple[Sequence[str], Sequence[str], Sequence[str]]] = {
    "customer-complaint": (
        ("投诉：{goods}没有发货", "投诉{goods}质量太差", "{goods}坏了没人管，要投诉", "退款拖了半个月", "投诉客服不处理{goods}"),
        ("我在你们商城买的{goods}，订单号{token}，付款半个月了一直没有发货。", "订单{token}的{goods}收到就是坏的，底座开裂漏水。",
         "我买的{goods}（订单{token}）用了三天就不通电了，申请退货客服一直不处理。", "订单{token}退货早就签收了，{goods}的钱到现在没有退。"),
        ("客服电话打不通，要求立即退款并赔偿。", "请给我退款，并给一个说法，否则我去平台投诉。", "要求换新并道歉，请尽快答复。"),
    ),
    "customer-suggestion": (
        ("给{goods}提个建议", "建议改进{goods}", "希望{goods}能改一改"),
        ("你们的{goods}（型号{token}）总体不错，建议把电源线加长到一米五，现在够不着插座。", "建议{goods}（编号{token}）的盖子改成可拆卸的，清洗方便。",
         "希望{goods}说明书{token}版能加上大字版，家里老人看不清。"),
        ("价格不变就更好了。", "相信很多顾客也这么想。", "希望你们考虑采纳。"),
    ),
    "customer-opinion": (
        ("用了{goods}的感受", "{goods}使用体会", "说说对{goods}的看法"),
        ("用{goods}（会员{token}）半年了，整体满意，就是外观没有老款好看。", "会员{token}谈谈看法：{goods}挺好用，声音比上一代小，个人更喜欢白色的。"),
        ("没有别的要求，只是说说感受。", "不用回电话，供你们参考。"),
    ),
    "operational-problem": (
        ("{place}打印机和系统又坏了", "{place}网络中断", "{place}叉车故障影响装车", "{place}注塑机停机", "{place}热水器坏了", "{place}来料不合格待检积压"),
        ("{place}的ERP系统从早上起登录不了，报障单{token}没人接，出库单打不出来。", "{place}叉车坏了一台，装车排队，发货单{token}今天出不去，请尽快修。",
         "{place}注塑机停机，产线停线等模具，工单{token}交不了货。", "{place}热水停了，宿舍报修单{token}报了没人来。", "{place}一批来料检验不合格，检验单{token}待判定，仓库占满了。"),
        ("请相关部门尽快处理。", "再不解决明天就要停线。", "请今天派人来看。"),
    ),
    "staff-suggestion": (
        ("合理化建议：{place}", "建议{place}改进", "关于{place}的一点建议"),
        ("建议在{place}加装一排遮雨棚，员工搬货不用淋雨，估价单{token}，施工队两天能做完。", "建议把{place}的领料改成早晚两次集中领，每天能省一小时，测算表{token}已附在班组。",
         "{place}的旧周转箱可以改成工具架，样品编号{token}，木工班就能做，不用再买。"),
        ("希望公司采纳。", "如采纳我愿意参与实施。"),
    ),
    "unit-dispute": (
        ("{place}费用归谁请裁定", "部门之间扯皮请协调"),
        ("{place}的托盘维修费，物流部说归生产部，生产部说归物流部，单据{token}来回退了三次，请领导裁定。",
         "返工工时（记录{token}）质量部说算生产部的，生产部说算质量部的，谁都不签字，请明确由哪个部门承担。"),
        ("两边都不肯签，请上级协调。", "请给个明确的分工。"),
    ),
    "experience-test": (
        ("{goods}商城下单体验测试", "体验测试：{goods}退货流程", "{goods}小程序走查结果"),
        ("本次体验测试任务{token}：下单{goods}，五步通过三步，付款页优惠券叠加失败，退货入口找不到。", "按体验测试计划走查{goods}退货流程，测试记录{token}：提交申请通过，上门取件时间无法选择，不通过。"),
        ("截图已存档，建议整改后复测。", "请安排整改。"),
    ),
    "important-issue": (
        ("重大情况报告：{place}", "重要问题需公司决策"),
        ("{place}合同{token}的大客户突然通知终止合作，涉及公司全年三成订单，需要总经理尽快决策。", "监管部门今天到{place}检查，通知书{token}要求限期整改，否则停产，事关重大，请公司领导定夺。"),
        ("请总经理召集会议研究。", "情况紧急，请领导批示。"),
    ),
}  # fmt: skip
_SEALED: dict[str, tuple[Sequence[str], Sequence[str], Sequence[str]]] = {
    "staff-complaint": (
        ("员工投诉", "反映一件委屈的事", "投诉管理人员"),
        ("我要投诉{boss}，上周三当着大家的面骂我，还无故扣我绩效，登记{token}，同班的人都听见了。", "{boss}排班不公，连着给我排了三周夜班，我提出来就说不想干就走，凭据{token}。"),
        ("请公司查一查，替我保密。", "希望有人管管，请不要告诉他是我写的。"),
    ),
    "staff-report": (
        ("举报信", "实名举报吃回扣", "举报虚报费用"),
        ("我举报{boss}收受供应商回扣，上个月的送货单{token}数量是假的，多出来的钱都进了他个人口袋，发票可以查。", "举报{boss}虚报加班和报销，凭证{token}是假的，拿公司的钱私用，请查账。"),
        ("请查证，为我保密。", "查之前请别让他知道。"),
    ),
    "retaliation": (
        ("因为反映问题被打击报复", "写信之后被报复"),
        ("上个月我向总经理信箱反映问题后，{boss}把我从原岗位调去扫地，还扣了当月奖金，通知{token}，说谁让你去告状。",),
        ("这就是打击报复，请总经理主持公道。",),
    ),
}  # fmt: skip
_BLAMING = (
    ("投诉客服经理唐宁", "投诉你们的客服唐宁"),
    ("订单{token}的{goods}坏了，客服经理唐宁在电话里骂我是骗子，还直接挂断，拒绝退款。", "客服经理唐宁对顾客态度恶劣，订单{token}的{goods}三次答应退款都不兑现。"),
    ("要求退款并让她本人道歉。", "要求处理此人并退款。"),
)  # fmt: skip
"""Customers who complain of the very person who would handle their letter."""
_ENGLISH: dict[str, Sequence[tuple[str, str]]] = {
    "customer-complaint": (
        ("Complaint: order not delivered", "My order {token} was paid three weeks ago and has still not been shipped. Nobody answers the phone. I want a refund and an answer."),
        ("Broken kettle, no refund", "The kettle of order {token} arrived broken and your service refuses the refund. This is unacceptable, please refund me now."),
    ),
    "customer-suggestion": (("A suggestion for the kettle", "I suggest a longer power cord for model {token}; many customers would like it. Please consider it."),),
    "operational-problem": (("Label printer down", "The label printer and the ERP system in the warehouse are down since this morning, ticket {token}; shipments cannot leave. Please fix it today."),),
}  # fmt: skip
_ADS = (
    ("发票代开优惠", "本公司代开各类发票，点数优惠，量大从优，电话微信同号，欢迎咨询。"),
    ("管理培训班招生", "总经理您好：精益管理两天一夜实战班开课，三人同行一人免单，名额有限，报名从速。"),
    ("SEO promotion", "Dear sir, we offer website promotion and first page ranking at the best price. Reply for a free quote, unsubscribe any time."),
)  # fmt: skip
MIX = (
    *("customer-complaint",) * 26, *("customer-suggestion",) * 8, *("customer-opinion",) * 7, *("operational-problem",) * 20,
    *("staff-suggestion",) * 9, *("unit-dispute",) * 3, *("experience-test",) * 3, *("important-issue",) * 1,
    *("blaming",) * 2, *("staff-complaint",) * 4, *("staff-report",) * 3, *("retaliation",) * 1, *("advertisement",) * 6, *("english",) * 6,
)  # fmt: skip


class Letters:
    """Writes the year's letters; each has a number that stands nowhere else."""

    def __init__(self, dice: Dice, kinds: Sequence[str] = MIX) -> None:
        self.dice, self.kinds = dice, kinds
        self._count = 0

    def token(self, first: int = 81) -> str:
        """A number of seven digits that was in no mail before."""
        self._count += 1
        return f"{first}{self._count:05d}"

    def next(self) -> Draft:
        """The next letter, of the usual mixture."""
        return self.of(self.dice.pick(self.kinds))

    def of(self, kind: str) -> Draft:
        """A letter of this kind."""
        if kind == "advertisement":
            return self._ad()
        if kind == "english":
            return self._english()
        if kind in _SEALED:
            return self._sealed(kind)
        if kind == "blaming":
            sender, name = f"c{self.dice.below(700)}@mail-b.example", ""
            return Draft(kind="customer-complaint", sender=sender, name=name, blames=("tang.ning@corp.example",),
                         **self._fill(_BLAMING))  # fmt: skip
        sender, name = self._sender(kind)
        filled = self._fill(_PARTS[kind])
        charset = "gb18030" if self.dice.hits(0.12) else "utf-8"
        return Draft(kind=kind, sender=sender, name=name, charset=charset, **filled)

    def _fill(self, parts: tuple[Sequence[str], Sequence[str], Sequence[str]], boss: str = "") -> dict[str, Any]:
        token, pick = self.token(), self.dice.pick
        subjects, bodies, ends = parts
        words = {"goods": pick(GOODS), "place": pick(PLACES), "token": token, "boss": boss}
        text = f"{pick(('您好！', '总经理：', '领导您好：', ''))}{pick(bodies)}{pick(ends)}".format(**words)
        return {"subject": pick(subjects).format(**words), "text": text, "token": token}

    def _sender(self, kind: str) -> tuple[str, str]:
        dice = self.dice
        if kind.startswith("customer"):
            number = dice.below(700)
            name = SURNAMES[number % len(SURNAMES)] + GIVEN[number // len(SURNAMES) % len(GIVEN)]
            if dice.hits(0.2):
                return f"buyer{number % 40}@partner-{'abcd'[number % 4]}.example", name
            return f"c{number}@mail-{'abcdef'[number % 6]}.example", name
        return f"{dice.pick(STAFF)}@corp.example", ""

    def _sealed(self, kind: str) -> Draft:
        dice = self.dice
        writer = dice.pick(WRITERS)
        who = dice.pick(sorted(HEADS))
        filled = self._fill(_SEALED[kind], HEADS[who])
        phone = f"139{dice.below(10**8):08d}"
        filled["text"] += f"\n\n{NAMES[writer]}\n手机：{phone}"
        return Draft(kind=kind, sender=f"{writer}@corp.example", name=NAMES[writer], blames=(f"{who}@corp.example",),
                     private=(NAMES[writer], f"{writer}@corp.example", phone), **filled)  # fmt: skip

    def _english(self) -> Draft:
        kind = self.dice.pick(sorted(_ENGLISH))
        subject, text = self.dice.pick(_ENGLISH[kind])
        token = self.token()
        sender = (
            f"john{self.dice.below(60)}@mail-g.example"
            if kind.startswith("customer")
            else f"{self.dice.pick(STAFF_EN)}@corp.example"
        )
        return Draft(
            kind=kind,
            sender=sender,
            name="",
            subject=subject,
            text=text.format(token=token),
            token=token,
            language="en",
        )

    def _ad(self) -> Draft:
        subject, text = self.dice.pick(_ADS)
        token = self.token()
        sender = f"promo{self._count}@ads-{self.dice.below(9)}.example"
        return Draft(
            kind="advertisement", sender=sender, name="", subject=subject, text=f"{text}（{token}）", token=token
        )


NAMES = {"tan.hao": "谭浩", "fan.sufen": "樊素芬", "miao.qing": "苗青", "ran.yong": "冉勇", "mo.xiaolan": "莫小兰",
         "wu.xiaotong": "吴晓彤", "qin.dayong": "覃大勇", "hou.dexing": "侯德兴"}  # fmt: skip
