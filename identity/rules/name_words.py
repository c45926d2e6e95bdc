"""The words that `identity.rules.names` leaves out or reads in more than one way."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(text.split(", "))


#: legal forms in Latin letters, word by word; `pte ltd` is two of them
LATIN_FORMS = _words(
    "pte ltd pteltd ptelimited limited private pvt co coltd company inc incorporated corp corporation llc llp lp plc pllc"
    " gmbh mbh kg ag sa sas sarl srl spa bv nv ab as oy aps sdn bhd berhad tbk pt cv kk pty jsc ojsc pjsc zao ooo ao fze"
    " fzc fzco fzllc wll est lda ltda eood ood doo"
    " gufenyouxiangongsi youxianzerengongsi youxiangongsi gongsi"
)
#: words that say little about who it is: places, trades, fillers; in pinyin too
LATIN_COMMON = _words(
    "the of and for shenzhen guangdong guangzhou dongguan shanghai beijing china chinese prc hongkong singapore"
    " asia asian pacific sea international intl global world trading trade trades commerce commercial technology"
    " technologies tech industry industries industrial group holding holdings enterprise enterprises import imports export"
    " exports impex services service engineering electronics electronic electrical machinery manufacturing development"
    " investment investments logistics shipping general supply supplies solutions systems system resources materials"
    " equipment products marketing management consulting consultancy business ventures"
    " keji maoyi shiye guoji jituan dianzi jixie jinchukou jishu fazhan touzi konggu gongye wuliu"
    " shangmao shebei gongyinglian zhongguo xianggang xinjiapo"
)
#: such words as they are written syllable by syllable; the longer first
SPOKEN_COMMON = _phrases(
    "gu fen you xian gong si, you xian ze ren gong si, you xian gong si, gong si, shen zhen shi, shen zhen,"
    " guang dong sheng, guang dong, guang zhou shi, guang zhou, dong guan shi, dong guan, shang hai shi, shang hai,"
    " bei jing shi, bei jing, zhong guo, xiang gang, xin jia po, jin chu kou, gong ying lian, ke ji, mao yi, shi ye, guo ji,"
    " ji tuan, dian zi, ji xie, ji shu, fa zhan, tou zi, kong gu, gong ye, wu liu, shang mao, she bei, hong kong"
)

#: the longer first, so that nothing is left of it
HAN_FORMS = (
    "股份有限公司",
    "有限责任公司",
    "有限責任公司",
    "私人有限公司",
    "有限公司",
    "分公司",
    "总公司",
    "公司",
    "合伙企业",
)
HAN_PLACES = (
    "中国",
    "中华人民共和国",
    "广东省",
    "广东",
    "深圳市",
    "深圳",
    "广州市",
    "广州",
    "东莞市",
    "东莞",
    "上海市",
    "上海",
    "北京市",
    "北京",
    "廣東省",
    "廣東",
    "廣州",
    "東莞",
    "中國",
    "香港",
    "新加坡",
)
HAN_TRADES = (
    "进出口",
    "供应链",
    "科技",
    "贸易",
    "实业",
    "国际",
    "集团",
    "电子",
    "机械",
    "技术",
    "发展",
    "投资",
    "控股",
    "工业",
    "物流",
    "商贸",
    "设备",
    "進出口",
    "供應鏈",
    "貿易",
    "實業",
    "國際",
    "集團",
    "電子",
    "機械",
    "技術",
    "發展",
    "投資",
    "工業",
    "商貿",
    "設備",
)

#: surnames that are read otherwise than the same character elsewhere; both readings are kept
SURNAMES: dict[str, tuple[str, ...]] = {
    "单": ("shan",),
    "單": ("shan",),
    "仇": ("qiu",),
    "曾": ("zeng",),
    "解": ("xie",),
    "任": ("ren",),
    "区": ("ou",),
    "區": ("ou",),
    "查": ("zha",),
    "盖": ("ge",),
    "蓋": ("ge",),
    "朴": ("piao", "pu"),
    "华": ("hua",),
    "纪": ("ji",),
    "燕": ("yan",),
    "乐": ("yue", "le"),
    "樂": ("yue", "le"),
    "覃": ("qin", "tan"),
    "洗": ("xian",),
    "冼": ("xian",),
    "缪": ("miao",),
    "繆": ("miao",),
    "繁": ("po",),
    "员": ("yun",),
    "黑": ("he",),
    "折": ("she",),
    "秘": ("bi",),
    "种": ("chong",),
    "翟": ("zhai", "di"),
    "宓": ("mi", "fu"),
    "隗": ("wei", "kui"),
    "逄": ("pang",),
    "尉": ("yu", "wei"),
    "万": ("wan", "mo"),
    "长": ("zhang", "chang"),
    "石": ("shi",),
    "车": ("che",),
    "沈": ("shen",),
    "盛": ("sheng",),
    "重": ("chong", "zhong"),
    "贾": ("jia",),
    "能": ("nai", "neng"),
    "过": ("guo",),
    "宁": ("ning",),
    "召": ("shao",),
    "参": ("shen", "can"),
    "佴": ("nai",),
    "适": ("kuo",),
    "逯": ("lu",),
    "訾": ("zi",),
}

#: ways to write one legal form, the longer first; other forms are other companies. Words stand between spaces
SAME_FORMS = (
    (" private limited ", " pte ltd "),
    (" pte limited ", " pte ltd "),
    (" pteltd ", " pte ltd "),
    (" pvt ltd ", " pte ltd "),
    (" company limited ", " co ltd "),
    (" co limited ", " co ltd "),
    (" coltd ", " co ltd "),
    (" limited liability partnership ", " llp "),
    (" sendirian berhad ", " sdn bhd "),
    (" limited ", " ltd "),
    (" incorporated ", " inc "),
    (" corporation ", " corp "),
    (" company ", " co "),
    ("有限责任公司", "有限公司"),
    ("有限責任公司", "有限公司"),
)
