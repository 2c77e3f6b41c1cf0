"""Lines of a signature: a person's name, a unit, a title, a telephone, an address.

Chinese names are known by their surname; words that begin with a character that is also a surname (谢谢, 高兴, 何时)
are listed, because an answer must not be taken for a name.
"""

import re

_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁"
    "任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦"
    "付傅方白邹孟熊秦邱丘江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施牛樊葛邢安齐易乔"
    "伍庞颜倪庄聂章鲁岳翟殷詹申欧"
    "耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕"
    "屈饶解牟艾尤阳时穆农司卓古吉"
    "缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎"
    "甄丛仲虞敖巩明佘池查麻苑迟邝"
    "刘張陳楊黃趙吳孫馬羅鄭謝許韓馮鄧曾蕭葉蘇呂盧鐘譚陸賈韋鄒閻龍賀顧龔邵萬錢嚴湯齊喬龐顏莊聶魯歐陽闕"
)
_WORDS = (
    "谢谢 谢谢您 谢谢你 高兴 何时 何人 安全 安排 马上 方便 方案 严重 于是 应急 应该 尤其 全部 全额 "
    "解决 解释 包括 成功 成立 明天 明白 明细 "
    "明确 时间 时候 关闭 关于 查询 查收 查看 简单 温馨 石沉大海 金额 左右 向您 单价 单号 白天 程序 "
    "易碎 施工 任何 任务 任意 和解 和谐 平安 "
    "路上 连续 连接 房间 车间 边上 景区 商品 商场 商量 师傅 管理 管道 解除 迟到 冷水 华为 万一 万分 "
    "万分感谢 高度 高温 康复 江苏 金华 宁波 "
    "温州 广州 成都 许可 许多 余款 余额 方向 方法 常常 易懂 祝好 祝福 祝愿 祝您 祝顺利 祝商祺 顾客 "
    "顾虑 全体 全文 安心 安装 申请 申诉 申报 "
    "支持 程度 鲁莽 莫名 莫名其妙 阳光 阳台 应付 应收 成本 成交 章程 古怪 时效 时限 任职 任命 毕业 "
    "毕竟 欧洲 欧元 曾经 曲解 葛优 段落 "
    "侯车 雷同 龙头 白费 白跑 安好 明日 明早 明晚 向上 向前 应当 尚未 尚可 单位 单据 单子 元旦 车辆 "
    "车票 连夜 查处 查实 查明 宗旨 米粒 "
    "经理 主任 董事 董事会 董事长 总经理 管理员 司机 司法 客户 门店 店长 付款 付清 付费 万元 万事 "
    "卜卦 游客 路线 舒服 严肃 严查 严办 严惩 "
    "汪汪 童装 童鞋 华东 华南 华北 华中 江西 江南 于今 关键 关注 关心 関 全是 全无 解答 解聘 安检 "
    "安抚 温度 温柔 金属 石头 石材 "
    "康宁 梅雨 兰州 管用 方才 牛奶 马路 龙虾 柳州 海南 武汉 武警 包装 包裹 包邮 祁门 乔迁 尹始 贺卡 "
    "白班 夜班 农历 农村 卓越 吉祥 沙发 商务 商家 商城"
)
_NOT_NAMES = frozenset(_WORDS.split())
_COMPOUND = ("欧阳", "司马", "上官", "诸葛", "司徒", "皇甫", "尉迟", "夏侯", "东方", "慕容", "令狐", "歐陽")
_TITLE = (
    r"(?:总|副总|总经理|经理|主任|主管|总监|组长|班长|店长|科长|处长|部长|院长|校长|厂长|董事长|秘书|"
    r"助理|专员|工程师|老师|医生|护士|先生|女士|小姐|师傅|同志|律师|会计|客服|"
    r"文员|伯|姐|哥|叔|阿姨)"
)
_HAN_NAME = re.compile(rf"^[\u3400-\u9fff\U00020000-\U0002ffff·]{{2,4}}{_TITLE}?$")
_TITLED = re.compile(rf"^.{{1,2}}{_TITLE}$")
_UNIT = re.compile(
    r"^[\u3400-\u9fff\U00020000-\U0002ffffA-Za-z0-9()（）·&第一二三四五六七八九十]{1,24}"
    r"(?:部|公司|有限公司|中心|处|科|组|室|门店|店|厂|车间|仓|仓库|集团|学院|学校|医院|大学|办公室|"
    r"委员会|工会|事业部|分公司|子公司|支行|所|局|站|队|线|班|台|协会|商行|贸易|商会)$"
)
_POST = re.compile(
    r"^[\u4e00-\u9fff]{0,8}(?:经理|主任|主管|总监|组长|班长|店长|科长|处长|部长|院长|校长|厂长|董事长|"
    r"总裁|秘书|助理|专员|工程师|客服|文员|代表|顾问|导购|司机|会计|"
    r"出纳|协调人|负责人|店员|护士长)$"
)
_CONTACT = re.compile(
    (
        r"(?:电话|手机|内线|分机|座机|传真|邮箱|邮件|邮编|微信|网址|网站|地址|公司地址|热线|联系(?:方式|"
        r"电话|人)|^[tTmMfFeEaAwWpP]\s?[:：.]|\b(?:tel|mob|"
        r"mobile|phone|cell|"
        r"fax|e-?mail|web|ext|address|add|skype|wechat|qq|telefon|mobil|direct|office|linkedin|twitter|"
        r"www)\b)[\s.]?[:：|/]?\s?.{2,}"
        r"|(?:\+?\d[\d\s()./-]{6,}\d)|[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,}|https?://|www\."
    ),
    re.IGNORECASE,
)
_DELIVERY = re.compile(r"收货|收件|寄到|寄往|邮寄|送货")
_DATE = re.compile(r"^\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?$|^[零〇一二三四五六七八九十]{4}年.{2,8}日$")
_LATIN_NAME = re.compile(
    r"^[A-ZÀ-ÞĀ-ŽА-Я][\w.'’-]{0,20}(?:,? (?:[A-ZÀ-ÞĀ-ŽА-Я][\w.'’-]{0,20}|de|van|von|der|den|la|di|da|dos)){0,4}$"
)
_SENTENCE = re.compile(r"[。！？；!?;]|\.(?:\s|$)(?!.*\d)")
_SPLIT = re.compile(r"[\s|/｜,，、\u3000•·]+")


def is_name(word: str) -> bool:
    """Whether the word is a Chinese personal name, with or without a title."""
    if word in _NOT_NAMES or word[:2] in ("谢谢", "祝您", "祝你"):
        return False
    if _TITLED.match(word) and word[0] in _SURNAMES:
        return True
    return bool(_HAN_NAME.match(word)) and (word[0] in _SURNAMES or word.startswith(_COMPOUND)) and len(word) <= 6


def is_name_line(line: str) -> bool:
    """Whether the line names a person, alone or beside unit, title and telephone."""
    words = [one for one in _SPLIT.split(line.strip(" -—*_")) if one]
    if not words or len(line) > 60 or not any(is_name(one) for one in words):
        return False
    return all(is_name(one) or _is_beside(one) for one in words) or _is_person_and_contact(words, line)


def _is_person_and_contact(words: list[str], line: str) -> bool:
    return is_name(words[0]) and bool(_CONTACT.search(line)) and not _SENTENCE.search(line)


def _is_beside(word: str) -> bool:
    return bool(
        _UNIT.match(word) or _POST.match(word) or _CONTACT.search(word) or re.fullmatch(r"[\d+()-]{3,}|[:：]", word)
    )


def is_contact_line(line: str) -> bool:
    """Whether the line may stand in a signature: name, unit, title, telephone, address, date."""
    short = line.strip(" *_|")
    if not short or len(short) > 90 or _DELIVERY.search(short):
        return not short
    if _CONTACT.search(short) or _DATE.match(short) or is_name_line(short):
        return not re.search(r"[。！？；]", short)
    words = [one for one in _SPLIT.split(short) if one]
    return bool(words) and all(is_name(one) or _is_beside(one) for one in words)


def looks_like_closing(line: str) -> bool:
    """Whether the line may follow a valediction: as above, or a few words without the end of a sentence."""
    short = line.strip(" *_|>")
    if is_contact_line(short) or _LATIN_NAME.match(short):
        return True
    if re.search(r"[\u4e00-\u9fff]", short):
        return (len(short) <= 8 and not re.search((r"[，。！？；:：]"), short)) or short in (
            ("敬礼"),
            ("敬礼！"),
            ("敬礼!"),
            ("此致"),
        )
    return len(short) <= 60 and not _SENTENCE.search(short)
