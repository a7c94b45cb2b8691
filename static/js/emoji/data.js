// Made by bin/emoji-data from emojibase-data 17.0.0 (MIT): not to be edited.

export default `
= smileys
😀 grinning face cheerful happy laugh
😃 smiley grinning face with big eyes
😄 smile grinning face with smiling eyes
😁 grin beaming face with smiling eyes
😆 laughing,satisfied grinning squinting face closed
😅 sweat_smile grinning face with cold
🤣 rofl rolling on the floor laughing
😂 joy face with tears of
🙂 slightly_smiling_face happy
🙃 upside_down_face upside-down hehe smile
🫠 melting_face disappear dissolve embarrassed haha
😉 wink winking face flirt heartbreaker
😊 blush smiling face with eyes
😇 innocent smiling face with halo
🥰 smiling_face_with_three_hearts 3 adore crush ily
😍 heart_eyes smiling face with heart-eyes
🤩 star_struck star-struck excited eyes face
😘 kissing_heart face blowing kiss adorbs
😗 kissing face 143 date dating
☺️ relaxed smiling face happy outlined
😚 kissing_closed_eyes face with 143 bae
😙 kissing_smiling_eyes face with 143 closed
🥲 smiling_face_with_tear glad grateful happy joy
😋 yum face savoring food delicious
😛 stuck_out_tongue face with awesome cool
😜 stuck_out_tongue_winking_eye face with crazy epic
🤪 zany_face crazy eye eyes goofy
😝 stuck_out_tongue_closed_eyes squinting face with gross
🤑 money_mouth_face money-mouth paid
🤗 hugs smiling face with open hands
🤭 hand_over_mouth face with giggle oops
🫢 face_with_open_eyes_and_hand_over_mouth amazement awe disbelief embarrass
🫣 face_with_peeking_eye captivated embarrass hide hiding
🤫 shushing_face quiet shh
🤔 thinking face chin consider hmm
🫡 saluting_face good luck ma’am ok
🤐 zipper_mouth_face zipper-mouth keep quiet secret
🤨 raised_eyebrow face with disapproval disbelief
😐 neutral_face awkward blank deadpan expressionless
😑 expressionless face awkward dead fine
😶 no_mouth face without awkward blank
🫥 dotted_line_face depressed disappear hidden hide
😶‍🌫️ face_in_clouds absentminded fog head
😏 smirk smirking face boss dapper
😒 unamused face ... bored fine
🙄 roll_eyes face with rolling eyeroll
😬 grimacing face awk awkward dentist
😮‍💨 face_exhaling blow gasp groan relief
🤥 lying_face liar lie pinocchio
🫨 shaking_face crazy daze earthquake omg
🙂‍↔️ head_shaking_horizontally no
🙂‍↕️ head_shaking_vertically nod yes
😌 relieved face calm peace zen
😔 pensive face awful bored dejected
😪 sleepy face crying good night
🤤 drooling_face
😴 sleeping face bed bedtime good
🫩 face_with_bags_under_eyes bored exhausted fatigued late
😷 mask face with medical cold
🤒 face_with_thermometer ill sick
🤕 face_with_head_bandage head-bandage hurt injury ouch
🤢 nauseated_face gross nasty sick vomit
🤮 vomiting_face barf ew gross puke
🤧 sneezing_face fever flu gesundheit sick
🥵 hot_face dying feverish heat panting
🥶 cold_face blue freezing frostbite icicles
🥴 woozy_face dizzy drunk eyes intoxicated
😵 dizzy_face with crossed-out eyes dead
😵‍💫 face_with_spiral_eyes confused dizzy hypnotized omg
🤯 exploding_head blown mind no shocked
🤠 cowboy_hat_face cowgirl
🥳 partying_face bday birthday celebrate excited
🥸 disguised_face eyebrow glasses incognito moustache
😎 sunglasses smiling face with awesome
🤓 nerd_face brainy clever expert geek
🧐 monocle_face with classy fancy rich
😕 confused face befuddled dunno frown
🫤 face_with_diagonal_mouth confused disappointed doubt frustrated
😟 worried face anxious butterflies nerves
🙁 slightly_frowning_face sad
☹️ frowning_face sad
😮 open_mouth face with believe forgot
😯 hushed face epic omg stunned
😲 astonished face cost no omg
😳 flushed face amazed awkward crazy
🫪 distorted_face anxiety bloated panic shocked
🥺 pleading_face begging big eyes mercy
🥹 face_holding_back_tears admiration aww cry embarrassed
😦 frowning face with open mouth
😧 anguished face forgot scared stressed
😨 fearful face afraid anxious blame
😰 cold_sweat anxious face with blue
😥 disappointed_relieved sad but face anxious
😢 cry crying face awful feels
😭 sob loudly crying face bawling
😱 scream face screaming in fear
😖 confounded face annoyed cringe distraught
😣 persevere persevering face concentrate focus
😞 disappointed face awful blame dejected
😓 sweat downcast face with close
😩 weary face crying fail feels
😫 tired_face cost feels nap sad
🥱 yawning_face bedtime bored goodnight nap
😤 triumph face with steam from nose
😡 pout,rage enraged face anger angry
😠 angry face anger blame feels
🤬 cursing_face with symbols on mouth
😈 smiling_imp face with horns demon
👿 imp angry face with horns
💀 skull body dead death face
☠️ skull_and_crossbones dead death face monster
💩 hankey,poop pile of poo bs
🤡 clown_face
👹 japanese_ogre creature devil face fairy
👺 japanese_goblin angry creature face fairy
👻 ghost boo creature excited face
👽 alien creature extraterrestrial face fairy
👾 space_invader alien monster creature extraterrestrial
🤖 robot face monster
😺 smiley_cat grinning animal face mouth
😸 smile_cat grinning with smiling eyes
😹 joy_cat with tears of animal
😻 heart_eyes_cat smiling with heart-eyes animal
😼 smirk_cat with wry smile animal
😽 kissing_cat animal closed eye eyes
🙀 scream_cat weary animal face oh
😿 crying_cat_face animal sad tear
😾 pouting_cat animal face
🙈 see_no_evil see-no-evil monkey embarrassed face
🙉 hear_no_evil hear-no-evil monkey animal ears
🙊 speak_no_evil speak-no-evil monkey animal face
💌 love_letter heart mail romance valentine
💘 cupid heart with arrow 143
💝 gift_heart with ribbon 143 anniversary
💖 sparkling_heart 143 emotion excited good
💗 heartpulse growing heart 143 emotion
💓 heartbeat beating heart 143 cardio
💞 revolving_hearts 143 adorbs anniversary emotion
💕 two_hearts 143 anniversary date dating
💟 heart_decoration 143 emotion purple white
❣️ heavy_heart_exclamation mark punctuation
💔 broken_heart break crushed emotion lonely
❤️‍🔥 heart_on_fire burn love lust sacred
❤️‍🩹 mending_heart healthier improving recovering recuperating
❤️ heart red emotion love
🩷 pink_heart 143 adorable cute emotion
🧡 orange_heart 143
💛 yellow_heart 143 cardiac emotion ily
💚 green_heart 143 emotion ily love
💙 blue_heart 143 emotion ily love
🩵 light_blue_heart 143 cute cyan emotion
💜 purple_heart 143 bestest emotion ily
🤎 brown_heart 143
🖤 black_heart evil wicked
🩶 grey_heart 143 emotion gray ily
🤍 white_heart 143
💋 kiss mark dating emotion heart
💯 100 hundred points a+ agree
💢 anger symbol angry comic mad
🫯 fight_cloud argument brawl debate disagreement
💥 boom,collision bomb comic explode
💫 dizzy comic shining shooting star
💦 sweat_drops droplets comic drip splashing
💨 dash dashing away cloud comic
🕳️ hole
💬 speech_balloon bubble comic dialog message
👁️‍🗨️ eye_speech_bubble in balloon witness
🗨️ left_speech_bubble balloon dialog
🗯️ right_anger_bubble angry balloon mad
💭 thought_balloon bubble cartoon cloud comic
💤 zzz comic good night sleep
= people
👋+ wave waving hand bye cya
🤚+ raised_back_of_hand
🖐️+ raised_hand_with_fingers_splayed stop
✋+ hand,raised_hand 5 five high stop
🖖+ vulcan_salute finger hand
🫱+ rightwards_hand hold reach shake
🫲+ leftwards_hand hold reach shake
🫳+ palm_down_hand dismiss drop pick shoo
🫴+ palm_up_hand beckon catch come hold
🫷+ leftwards_pushing_hand block five halt high
🫸+ rightwards_pushing_hand block five halt high
👌+ ok_hand awesome bet dope fleek
🤌+ pinched_fingers gesture hand hold huh
🤏+ pinching_hand amount bit fingers little
✌️+ v victory hand peace
🤞+ crossed_fingers hand luck
🫰+ hand_with_index_finger_and_thumb_crossed <3 expensive heart love
🤟+ love_you_gesture love-you fingers hand ily
🤘+ metal sign of the horns
🤙+ call_me_hand hang loose shaka
👈+ point_left backhand index pointing finger
👉+ point_right backhand index pointing finger
👆+ point_up_2 backhand index pointing finger
🖕+ fu,middle_finger hand
👇+ point_down backhand index pointing finger
☝️+ point_up index pointing finger hand
🫵+ index_pointing_at_the_viewer finger hand poke you
👍+ +1,thumbsup thumbs up good hand
👎+ -1,thumbsdown thumbs down -1 bad
✊+ fist,fist_raised clenched hand punch solidarity
👊+ facepunch,fist_oncoming absolutely agree boom bro
🤛+ fist_left left-facing
🤜+ fist_right right-facing
👏+ clap clapping hands applause approval
🙌+ raised_hands raising celebration gesture hooray
🫶+ heart_hands <3 love you
👐+ open_hands hug jazz swerve
🤲+ palms_up_together cupped dua hands pray
🤝+ handshake agreement deal meeting
🙏+ pray folded hands appreciate ask
✍️+ writing_hand
💅+ nail_care polish bored cosmetics done
🤳+ selfie camera phone
💪+ muscle flexed biceps arm beast
🦾 mechanical_arm accessibility prosthetic
🦿 mechanical_leg accessibility prosthetic
🦵+ leg bent foot kick knee
🦶+ foot ankle feet kick stomp
👂+ ear body ears hear listen
🦻+ ear_with_hearing_aid accessibility hard
👃+ nose body odor smell
🧠 brain intelligent smart
🫀 anatomical_heart beat cardiology organ pulse
🫁 lungs breath exhalation inhalation organ
🦷 tooth dentist pearly teeth white
🦴 bone dog skeleton wishbone
👀 eyes body face googly look
👁️ eye 1 body one
👅 tongue body lick slurp
👄 lips mouth beauty body kiss
🫦 biting_lip anxious bite fear flirt
👶+ baby babies children goo infant
🧒+ child bright-eyed grandchild kid young
👦+ boy bright-eyed child grandson kid
👧+ girl bright-eyed child daughter granddaughter
🧑+ adult person
👱+ blond_haired_person hair human
👨+ man adult bro
🧔+ bearded_person beard whiskers
🧔‍♂️+ man_beard
🧔‍♀️+ woman_beard
👨‍🦰+ red_haired_man hair
👨‍🦱+ curly_haired_man hair
👨‍🦳+ white_haired_man hair
👨‍🦲+ bald_man
👩+ woman adult lady
👩‍🦰+ red_haired_woman hair
🧑‍🦰+ person_red_hair adult
👩‍🦱+ curly_haired_woman hair
🧑‍🦱+ person_curly_hair adult
👩‍🦳+ white_haired_woman hair
🧑‍🦳+ person_white_hair adult
👩‍🦲+ bald_woman
🧑‍🦲+ person_bald adult
👱‍♀️+ blond_haired_woman,blonde_woman hair
👱‍♂️+ blond_haired_man hair
🧓+ older_adult person elderly grandparent wise
👴+ older_man old adult bald elderly
👵+ older_woman old adult elderly grandma
🙍+ frowning_person annoyed disappointed disgruntled disturbed
🙍‍♂️+ frowning_man
🙍‍♀️+ frowning_woman
🙎+ pouting_face person disappointed downtrodden frown
🙎‍♂️+ pouting_man
🙎‍♀️+ pouting_woman
🙅+ no_good person gesturing forbidden hand
🙅‍♂️+ ng_man,no_good_man gesturing
🙅‍♀️+ ng_woman,no_good_woman gesturing
🙆+ ok_person gesturing exercise hand omg
🙆‍♂️+ ok_man gesturing
🙆‍♀️+ ok_woman gesturing
💁+ information_desk_person,tipping_hand_person fetch flick flip gossip
💁‍♂️+ sassy_man,tipping_hand_man
💁‍♀️+ sassy_woman,tipping_hand_woman
🙋+ raising_hand person gesture here know
🙋‍♂️+ raising_hand_man
🙋‍♀️+ raising_hand_woman
🧏+ deaf_person accessibility ear gesture hear
🧏‍♂️+ deaf_man
🧏‍♀️+ deaf_woman
🙇+ bow person bowing apology ask
🙇‍♂️+ bowing_man
🙇‍♀️+ bowing_woman
🤦+ facepalm person facepalming again bewilder
🤦‍♂️+ man_facepalming
🤦‍♀️+ woman_facepalming
🤷+ shrug person shrugging doubt dunno
🤷‍♂️+ man_shrugging
🤷‍♀️+ woman_shrugging
🧑‍⚕️+ health_worker doctor nurse therapist
👨‍⚕️+ man_health_worker
👩‍⚕️+ woman_health_worker
🧑‍🎓+ student graduate
👨‍🎓+ man_student
👩‍🎓+ woman_student
🧑‍🏫+ teacher instructor lecturer professor
👨‍🏫+ man_teacher
👩‍🏫+ woman_teacher
🧑‍⚖️+ judge justice law scales
👨‍⚖️+ man_judge
👩‍⚖️+ woman_judge
🧑‍🌾+ farmer gardener rancher
👨‍🌾+ man_farmer
👩‍🌾+ woman_farmer
🧑‍🍳+ cook chef
👨‍🍳+ man_cook
👩‍🍳+ woman_cook
🧑‍🔧+ mechanic electrician plumber tradesperson
👨‍🔧+ man_mechanic
👩‍🔧+ woman_mechanic
🧑‍🏭+ factory_worker assembly industrial
👨‍🏭+ man_factory_worker
👩‍🏭+ woman_factory_worker
🧑‍💼+ office_worker architect business manager white-collar
👨‍💼+ man_office_worker
👩‍💼+ woman_office_worker
🧑‍🔬+ scientist biologist chemist engineer mathematician
👨‍🔬+ man_scientist
👩‍🔬+ woman_scientist
🧑‍💻+ technologist coder computer developer inventor
👨‍💻+ man_technologist
👩‍💻+ woman_technologist
🧑‍🎤+ singer actor entertainer rock star
👨‍🎤+ man_singer
👩‍🎤+ woman_singer
🧑‍🎨+ artist palette
👨‍🎨+ man_artist
👩‍🎨+ woman_artist
🧑‍✈️+ pilot plane
👨‍✈️+ man_pilot
👩‍✈️+ woman_pilot
🧑‍🚀+ astronaut rocket space
👨‍🚀+ man_astronaut
👩‍🚀+ woman_astronaut
🧑‍🚒+ firefighter
👨‍🚒+ man_firefighter
👩‍🚒+ woman_firefighter
👮+ cop,police_officer apprehend arrest citation law
👮‍♂️+ policeman man police officer
👮‍♀️+ policewoman woman police officer
🕵️+ detective sleuth spy
🕵️‍♂️+ male_detective man
🕵️‍♀️+ female_detective woman
💂+ guard buckingham helmet london palace
💂‍♂️+ guardsman man guard
💂‍♀️+ guardswoman woman guard
🥷+ ninja assassin fight hidden person
👷+ construction_worker build fix hardhat man
👷‍♂️+ construction_worker_man
👷‍♀️+ construction_worker_woman
🫅+ person_with_crown monarch noble regal royal
🤴+ prince crown fairy fantasy king
👸+ princess crown fairy fantasy queen
👳+ person_with_turban wearing
👳‍♂️+ man_with_turban wearing
👳‍♀️+ woman_with_turban wearing
👲+ man_with_gua_pi_mao person skullcap chinese guapi
🧕+ woman_with_headscarf bandana hijab kerchief mantilla
🤵+ person_in_tuxedo formal wedding
🤵‍♂️+ man_in_tuxedo
🤵‍♀️+ woman_in_tuxedo
👰+ person_with_veil wedding
👰‍♂️+ man_with_veil
👰‍♀️+ bride_with_veil,woman_with_veil
🤰+ pregnant_woman
🫃+ pregnant_man belly bloated full overeat
🫄+ pregnant_person belly bloated full overeat
🤱+ breast_feeding breast-feeding baby mom mother
👩‍🍼+ woman_feeding_baby
👨‍🍼+ man_feeding_baby
🧑‍🍼+ person_feeding_baby nanny newborn nursing parent
👼+ angel baby church face fairy
🎅+ santa claus celebration christmas fairy
🤶+ mrs_claus mrs. celebration christmas fairy
🧑‍🎄+ mx_claus celebration christmas fairy fantasy
🦸+ superhero good
🦸‍♂️+ superhero_man
🦸‍♀️+ superhero_woman
🦹+ supervillain bad criminal evil
🦹‍♂️+ supervillain_man
🦹‍♀️+ supervillain_woman
🧙+ mage fantasy magic play sorcerer
🧙‍♂️+ mage_man
🧙‍♀️+ mage_woman
🧚+ fairy fantasy myth person pixie
🧚‍♂️+ fairy_man
🧚‍♀️+ fairy_woman
🧛+ vampire blood dracula fangs halloween
🧛‍♂️+ vampire_man
🧛‍♀️+ vampire_woman
🧜+ merperson creature fairytale folklore ocean
🧜‍♂️+ merman
🧜‍♀️+ mermaid
🧝+ elf elves enchantment fantasy folklore
🧝‍♂️+ elf_man
🧝‍♀️+ elf_woman
🧞 genie djinn fantasy lamp myth
🧞‍♂️ genie_man
🧞‍♀️ genie_woman
🧟 zombie apocalypse dead halloween horror
🧟‍♂️ zombie_man
🧟‍♀️ zombie_woman
🧌 troll fairy fantasy monster tale
🫈 hairy_creature bigfoot cryptid forest giant
💆+ massage person getting face headache
💆‍♂️+ massage_man getting
💆‍♀️+ massage_woman getting
💇+ haircut person getting barber beauty
💇‍♂️+ haircut_man getting
💇‍♀️+ haircut_woman getting
🚶+ walking person amble gait hike
🚶‍♂️+ walking_man
🚶‍♀️+ walking_woman
🚶‍➡️+ person_walking_facing_right amble gait hike man
🚶‍♀️‍➡️+ woman_walking_facing_right
🚶‍♂️‍➡️+ man_walking_facing_right
🧍+ standing_person
🧍‍♂️+ standing_man
🧍‍♀️+ standing_woman
🧎+ kneeling_person
🧎‍♂️+ kneeling_man
🧎‍♀️+ kneeling_woman
🧎‍➡️+ person_kneeling_facing_right
🧎‍♀️‍➡️+ woman_kneeling_facing_right
🧎‍♂️‍➡️+ man_kneeling_facing_right
🧑‍🦯+ person_with_probing_cane white accessibility blind
🧑‍🦯‍➡️+ person_with_white_cane_facing_right accessibility blind probing
👨‍🦯+ man_with_probing_cane white
👨‍🦯‍➡️+ man_with_white_cane_facing_right
👩‍🦯+ woman_with_probing_cane white
👩‍🦯‍➡️+ woman_with_white_cane_facing_right
🧑‍🦼+ person_in_motorized_wheelchair accessibility
🧑‍🦼‍➡️+ person_in_motorized_wheelchair_facing_right accessibility
👨‍🦼+ man_in_motorized_wheelchair
👨‍🦼‍➡️+ man_in_motorized_wheelchair_facing_right
👩‍🦼+ woman_in_motorized_wheelchair
👩‍🦼‍➡️+ woman_in_motorized_wheelchair_facing_right
🧑‍🦽+ person_in_manual_wheelchair accessibility
🧑‍🦽‍➡️+ person_in_manual_wheelchair_facing_right accessibility
👨‍🦽+ man_in_manual_wheelchair
👨‍🦽‍➡️+ man_in_manual_wheelchair_facing_right
👩‍🦽+ woman_in_manual_wheelchair
👩‍🦽‍➡️+ woman_in_manual_wheelchair_facing_right
🏃+ runner,running person fast hurry marathon
🏃‍♂️+ running_man
🏃‍♀️+ running_woman
🏃‍➡️+ person_running_facing_right fast hurry marathon move
🏃‍♀️‍➡️+ woman_running_facing_right
🏃‍♂️‍➡️+ man_running_facing_right
🧑‍🩰+ ballet_dancer
💃+ dancer,woman_dancing elegant festive flair flamenco
🕺+ man_dancing elegant festive flair flamenco
🕴️+ business_suit_levitating person in
👯+ dancers people with bunny ears
👯‍♂️+ dancing_men with bunny ears
👯‍♀️+ dancing_women with bunny ears
🧖+ sauna_person in steamy room day
🧖‍♂️+ sauna_man in steamy room
🧖‍♀️+ sauna_woman in steamy room
🧗+ climbing person mountain rock scale
🧗‍♂️+ climbing_man
🧗‍♀️+ climbing_woman
🤺 person_fencing sword
🏇+ horse_racing jockey racehorse riding sport
⛷️ skier snow
🏂+ snowboarder ski sport
🏌️+ golfing person ball birdie caddy
🏌️‍♂️+ golfing_man
🏌️‍♀️+ golfing_woman
🏄+ surfer person surfing beach ocean
🏄‍♂️+ surfing_man
🏄‍♀️+ surfing_woman
🚣+ rowboat person rowing boat canoe
🚣‍♂️+ rowing_man boat
🚣‍♀️+ rowing_woman boat
🏊+ swimmer person swimming freestyle sport
🏊‍♂️+ swimming_man
🏊‍♀️+ swimming_woman
⛹️+ bouncing_ball_person athletic basketball championship dribble
⛹️‍♂️+ basketball_man,bouncing_ball_man
⛹️‍♀️+ basketball_woman,bouncing_ball_woman
🏋️+ weight_lifting person weights barbell bodybuilder
🏋️‍♂️+ weight_lifting_man weights
🏋️‍♀️+ weight_lifting_woman weights
🚴+ bicyclist person biking bike cycle
🚴‍♂️+ biking_man
🚴‍♀️+ biking_woman
🚵+ mountain_bicyclist person biking bike cycle
🚵‍♂️+ mountain_biking_man
🚵‍♀️+ mountain_biking_woman
🤸+ cartwheeling person active excited flip
🤸‍♂️+ man_cartwheeling
🤸‍♀️+ woman_cartwheeling
🤼+ wrestling people combat duel grapple
🤼‍♂️+ men_wrestling
🤼‍♀️+ women_wrestling
🤽+ water_polo person playing sport swimming
🤽‍♂️+ man_playing_water_polo
🤽‍♀️+ woman_playing_water_polo
🤾+ handball_person playing athletics catch chuck
🤾‍♂️+ man_playing_handball
🤾‍♀️+ woman_playing_handball
🤹+ juggling_person act balance handle manage
🤹‍♂️+ man_juggling
🤹‍♀️+ woman_juggling
🧘+ lotus_position person in cross legged
🧘‍♂️+ lotus_position_man in
🧘‍♀️+ lotus_position_woman in
🛀+ bath person taking tub
🛌+ sleeping_bed person in bedtime good
🧑‍🤝‍🧑 people_holding_hands bae bestie bff couple
👭+ two_women_holding_hands bae bestie bff couple
👫+ couple woman and man holding hands
👬+ two_men_holding_hands bae bestie bff boys
💏+ couplekiss kiss anniversary babe bae
👩‍❤️‍💋‍👨 couplekiss_man_woman kiss
👨‍❤️‍💋‍👨 couplekiss_man_man kiss
👩‍❤️‍💋‍👩 couplekiss_woman_woman kiss
💑+ couple_with_heart anniversary babe bae dating
👩‍❤️‍👨 couple_with_heart_woman_man
👨‍❤️‍👨 couple_with_heart_man_man
👩‍❤️‍👩 couple_with_heart_woman_woman
👨‍👩‍👦 family_man_woman_boy
👨‍👩‍👧 family_man_woman_girl
👨‍👩‍👧‍👦 family_man_woman_girl_boy
👨‍👩‍👦‍👦 family_man_woman_boy_boy
👨‍👩‍👧‍👧 family_man_woman_girl_girl
👨‍👨‍👦 family_man_man_boy
👨‍👨‍👧 family_man_man_girl
👨‍👨‍👧‍👦 family_man_man_girl_boy
👨‍👨‍👦‍👦 family_man_man_boy_boy
👨‍👨‍👧‍👧 family_man_man_girl_girl
👩‍👩‍👦 family_woman_woman_boy
👩‍👩‍👧 family_woman_woman_girl
👩‍👩‍👧‍👦 family_woman_woman_girl_boy
👩‍👩‍👦‍👦 family_woman_woman_boy_boy
👩‍👩‍👧‍👧 family_woman_woman_girl_girl
👨‍👦 family_man_boy
👨‍👦‍👦 family_man_boy_boy
👨‍👧 family_man_girl
👨‍👧‍👦 family_man_girl_boy
👨‍👧‍👧 family_man_girl_girl
👩‍👦 family_woman_boy
👩‍👦‍👦 family_woman_boy_boy
👩‍👧 family_woman_girl
👩‍👧‍👦 family_woman_girl_boy
👩‍👧‍👧 family_woman_girl_girl
🗣️ speaking_head face silhouette
👤 bust_in_silhouette mysterious shadow
👥 busts_in_silhouette bff everyone friend people
🫂 people_hugging comfort embrace farewell friendship
👪 family child
🧑‍🧑‍🧒 family_adult_adult_child
🧑‍🧑‍🧒‍🧒 family_adult_adult_child_child
🧑‍🧒 family_adult_child
🧑‍🧒‍🧒 family_adult_child_child
👣 footprints barefoot clothing omw walk
🫆 fingerprint clue crime detective forensics
= nature
🐵 monkey_face animal banana
🐒 monkey animal banana
🦍 gorilla animal
🦧 orangutan animal ape monkey
🐶 dog face adorbs animal pet
🐕 dog2 dog animal dogs pet
🦮 guide_dog accessibility animal blind
🐕‍🦺 service_dog accessibility animal assistance
🐩 poodle animal dog fluffy
🐺 wolf animal face
🦊 fox_face animal
🦝 raccoon animal curious sly
🐱 cat face animal kitten pet
🐈 cat2 cat animal cats kitten
🐈‍⬛ black_cat animal feline halloween meow
🦁 lion alpha animal face leo
🐯 tiger face animal big cat
🐅 tiger2 tiger animal big cat
🐆 leopard animal big cat predator
🐴 horse face animal dressage equine
🫎 moose alces animal antlers elk
🫏 donkey animal ass burro hinny
🐎 racehorse horse animal equestrian farm
🦄 unicorn face
🦓 zebra animal stripe
🦌 deer animal
🦬 bison animal buffalo herd wisent
🐮 cow face animal farm milk
🐂 ox animal bull farm taurus
🐃 water_buffalo animal zoo
🐄 cow2 cow animal farm milk
🐷 pig face animal bacon farm
🐖 pig2 pig animal bacon farm
🐗 boar animal pig
🐽 pig_nose animal face farm smell
🐏 ram animal aries horns male
🐑 sheep ewe animal baa farm
🐐 goat animal capricorn farm milk
🐪 dromedary_camel animal desert hump one
🐫 camel two-hump animal bactrian desert
🦙 llama alpaca animal guanaco vicuña
🦒 giraffe animal spots
🐘 elephant animal
🦣 mammoth animal extinction large tusk
🦏 rhinoceros animal
🦛 hippopotamus animal
🐭 mouse face animal
🐁 mouse2 mouse animal
🐀 rat animal
🐹 hamster animal face pet
🐰 rabbit face animal bunny pet
🐇 rabbit2 rabbit animal bunny pet
🐿️ chipmunk animal squirrel
🦫 beaver animal dam teeth
🦔 hedgehog animal spiny
🦇 bat animal vampire
🐻 bear animal face grizzly growl
🐻‍❄️ polar_bear animal arctic white
🐨 koala animal australia bear down
🐼 panda_face animal bamboo
🦥 sloth lazy slow
🦦 otter animal fishing playful
🦨 skunk animal stink
🦘 kangaroo animal joey jump marsupial
🦡 badger animal honey pester
🐾 feet,paw_prints paws
🦃 turkey bird gobble thanksgiving
🐔 chicken animal bird ornithology
🐓 rooster animal bird ornithology
🐣 hatching_chick animal baby bird egg
🐤 baby_chick animal bird ornithology
🐥 hatched_chick front-facing baby animal bird
🐦 bird animal ornithology
🐧 penguin animal antarctica bird ornithology
🕊️ dove bird fly ornithology peace
🦅 eagle animal bird ornithology
🦆 duck animal bird ornithology
🦢 swan animal bird cygnet duckling
🦉 owl animal bird ornithology wise
🦤 dodo animal bird extinction large
🪶 feather bird flight plumage
🦩 flamingo animal bird ornithology tropical
🦚 peacock animal bird colorful ornithology
🦜 parrot animal bird ornithology pirate
🪽 wing angelic ascend aviation bird
🐦‍⬛ black_bird animal beak caw corvid
🪿 goose animal bird duck flock
🐦‍🔥 phoenix ascend emerge fantasy firebird
🐸 frog animal face
🐊 crocodile animal zoo
🐢 turtle animal terrapin tortoise
🦎 lizard animal reptile
🐍 snake animal bearer ophiuchus serpent
🐲 dragon_face animal fairy tale
🐉 dragon animal fairy knights tale
🦕 sauropod brachiosaurus brontosaurus dinosaur diplodocus
🦖 t-rex t-rex dinosaur tyrannosaurus
🐳 whale spouting animal beach face
🐋 whale2 whale animal beach ocean
🐬 dolphin,flipper animal beach ocean
🫍 orca marine ocean whale
🦭 seal animal lion ocean
🐟 fish animal dinner pisces zodiac
🐠 tropical_fish animal
🐡 blowfish animal
🦈 shark animal fish
🐙 octopus animal creature ocean
🐚 shell spiral animal beach conch
🪸 coral change climate ocean reef
🪼 jellyfish animal aquarium burn invertebrate
🦀 crab cancer zodiac
🦞 lobster animal bisque claws seafood
🦐 shrimp food shellfish small
🦑 squid animal food mollusk
🦪 oyster diving pearl
🐌 snail animal escargot garden nature
🦋 butterfly insect pretty
🐛 bug animal garden insect
🐜 ant animal garden insect
🐝 bee,honeybee animal bumblebee insect nature
🪲 beetle animal bug insect
🐞 lady_beetle animal garden insect nature
🦗 cricket animal bug grasshopper insect
🪳 cockroach animal insect pest
🕷️ spider animal insect
🕸️ spider_web
🦂 scorpion zodiac
🦟 mosquito bite disease fever insect
🪰 fly animal disease insect maggot
🪱 worm animal annelid earthworm parasite
🦠 microbe amoeba bacteria science virus
💐 bouquet anniversary birthday date flower
🌸 cherry_blossom flower plant spring
💮 white_flower
🪷 lotus beauty buddhism calm flower
🏵️ rosette plant
🌹 rose beauty elegant flower love
🥀 wilted_flower dying
🌺 hibiscus flower plant
🌻 sunflower outdoors plant
🌼 blossom buttercup dandelion flower plant
🌷 tulip blossom flower growth plant
🪻 hyacinth bloom bluebonnet flower indigo
🌱 seedling plant sapling sprout young
🪴 potted_plant decor grow house nurturing
🌲 evergreen_tree christmas forest pine
🌳 deciduous_tree forest green habitat shedding
🌴 palm_tree beach plant tropical
🌵 cactus desert drought nature plant
🌾 ear_of_rice sheaf grain plant
🌿 herb leaf plant
☘️ shamrock irish plant
🍀 four_leaf_clover 4 irish lucky plant
🍁 maple_leaf falling
🍂 fallen_leaf autumn
🍃 leaves leaf fluttering in wind
🪹 empty_nest branch home
🪺 nest_with_eggs bird branch
🍄 mushroom fungus toadstool
🪾 leafless_tree bare barren branches dead
= food
🍇 grapes dionysus fruit
🍈 melon cantaloupe fruit
🍉 watermelon fruit
🍊 mandarin,orange tangerine c citrus fruit
🍋 lemon citrus fruit sour
🍋‍🟩 lime acidity citrus cocktail fruit
🍌 banana fruit potassium
🍍 pineapple colada fruit pina tropical
🥭 mango food fruit tropical
🍎 apple red diet food fruit
🍏 green_apple fruit
🍐 pear fruit
🍑 peach fruit
🍒 cherries berries fruit red
🍓 strawberry fruit
🫐 blueberries berry bilberry food fruit
🥝 kiwi_fruit food
🍅 tomato food fruit vegetable
🫒 olive food
🥥 coconut colada palm piña
🥑 avocado food fruit
🍆 eggplant aubergine vegetable
🥔 potato food vegetable
🥕 carrot food vegetable
🌽 corn ear of crops farm
🌶️ hot_pepper
🫑 bell_pepper capsicum food vegetable
🥒 cucumber food pickle vegetable
🥬 leafy_green bok burgers cabbage choy
🥦 broccoli cabbage wild
🧄 garlic flavoring
🧅 onion flavoring
🥜 peanuts food vegetable
🫘 beans food kidney legume small
🌰 chestnut almond plant
🫚 ginger_root beer health herb natural
🫛 pea_pod beans edamame legume soybean
🍄‍🟫 brown_mushroom food fungi nature pizza
🫜 root_vegetable beet food garden radish
🍞 bread carbs food grain loaf
🥐 croissant bread crescent food french
🥖 baguette_bread food french
🫓 flatbread arepa food gordita lavash
🥨 pretzel convoluted twisted
🥯 bagel bakery bread schmear
🥞 pancakes breakfast crêpe food hotcake
🧇 waffle breakfast indecisive iron
🧀 cheese wedge
🍖 meat_on_bone
🍗 poultry_leg bone chicken drumstick hungry
🥩 cut_of_meat chop lambchop porkchop red
🥓 bacon breakfast food meat
🍔 hamburger eat fast food hungry
🍟 fries french fast food
🍕 pizza cheese food hungry pepperoni
🌭 hotdog hot dog frankfurter sausage
🥪 sandwich bread
🌮 taco mexican
🌯 burrito mexican wrap
🫔 tamale food mexican pamonha wrapped
🥙 stuffed_flatbread falafel food gyro kebab
🧆 falafel chickpea meatball
🥚 egg breakfast food
🍳 fried_egg cooking breakfast easy fry
🥘 shallow_pan_of_food casserole paella
🍲 stew pot of food soup
🫕 fondue cheese chocolate food melted
🥣 bowl_with_spoon breakfast cereal congee oatmeal
🥗 green_salad food
🍿 popcorn movie
🧈 butter dairy
🧂 salt condiment flavor mad shaker
🥫 canned_food
🍱 bento box food
🍘 rice_cracker food
🍙 rice_ball food japanese
🍚 rice cooked food
🍛 curry rice food
🍜 ramen steaming bowl chopsticks food
🍝 spaghetti food meatballs pasta restaurant
🍠 sweet_potato roasted food
🍢 oden food kebab restaurant seafood
🍣 sushi food
🍤 fried_shrimp prawn tempura
🍥 fish_cake with swirl food pastry
🥮 moon_cake autumn festival yuèbǐng
🍡 dango dessert japanese skewer stick
🥟 dumpling empanada gyōza jiaozi pierogi
🥠 fortune_cookie prophecy
🥡 takeout_box chopsticks delivery food oyster
🍦 icecream soft ice cream dessert
🍧 shaved_ice dessert restaurant sweet
🍨 ice_cream dessert food restaurant sweet
🍩 doughnut breakfast dessert donut food
🍪 cookie chip chocolate dessert sweet
🎂 birthday cake bday celebration dessert
🍰 cake shortcake dessert pastry slice
🧁 cupcake bakery dessert sprinkles sugar
🥧 pie apple filling fruit meat
🍫 chocolate_bar candy dessert halloween sweet
🍬 candy cavities dessert halloween restaurant
🍭 lollipop candy dessert food restaurant
🍮 custard dessert pudding sweet
🍯 honey_pot barrel bear food jar
🍼 baby_bottle babies birth born drink
🥛 milk_glass of drink
☕ coffee hot beverage cafe caffeine
🫖 teapot brew drink food
🍵 tea teacup without handle beverage
🍶 sake bar beverage bottle cup
🍾 champagne bottle with popping cork
🍷 wine_glass alcohol bar beverage booze
🍸 cocktail glass alcohol bar booze
🍹 tropical_drink alcohol bar booze club
🍺 beer mug alcohol ale bar
🍻 beers clinking beer mugs alcohol
🥂 clinking_glasses celebrate drink
🥃 tumbler_glass liquor scotch shot whiskey
🫗 pouring_liquid accident drink empty glass
🥤 cup_with_straw drink juice malt soda
🧋 bubble_tea boba food milk pearl
🧃 beverage_box juice straw sweet
🧉 mate drink
🧊 ice_cube cold iceberg
🥢 chopsticks hashi jeotgarak kuaizi
🍽️ plate_with_cutlery fork and knife cooking
🍴 fork_and_knife breakfast cooking cutlery delicious
🥄 spoon eat tableware
🔪 hocho,knife kitchen chef cooking tool
🫙 jar condiment container empty nothing
🏺 amphora aquarius cooking drink jug
= travel
🌍 earth_africa globe showing europe-africa world
🌎 earth_americas globe showing world
🌏 earth_asia globe showing asia-australia world
🌐 globe_with_meridians earth internet web world
🗺️ world_map
🗾 japan map of
🧭 compass direction magnetic navigation orienteering
🏔️ mountain_snow snow-capped cold
⛰️ mountain
🛘 landslide avalanche danger disaster earthquake
🌋 volcano eruption mountain nature
🗻 mount_fuji nature
🏕️ camping
🏖️ beach_umbrella with
🏜️ desert
🏝️ desert_island
🏞️ national_park
🏟️ stadium
🏛️ classical_building
🏗️ building_construction crane
🧱 bricks brick clay mortar wall
🪨 rock boulder heavy solid stone
🪵 wood log lumber timber
🛖 hut home house roundhouse shelter
🏘️ houses
🏚️ derelict_house home
🏠 house building country heart home
🏡 house_with_garden building country heart home
🏢 office building city cubical job
🏣 post_office japanese building
🏤 european_post_office building
🏥 hospital building doctor medicine
🏦 bank building
🏨 hotel building
🏩 love_hotel building
🏪 convenience_store 24 building hours
🏫 school building
🏬 department_store building
🏭 factory building
🏯 japanese_castle building
🏰 european_castle building
💒 wedding chapel hitched nuptials romance
🗼 tokyo_tower
🗽 statue_of_liberty new ny nyc york
⛪ church bless chapel christian cross
🕌 mosque islam masjid muslim religion
🛕 hindu_temple
🕍 synagogue jew jewish judaism religion
⛩️ shinto_shrine religion
🕋 kaaba hajj islam muslim religion
⛲ fountain
⛺ tent camping
🌁 foggy
🌃 night_with_stars
🏙️ cityscape
🌄 sunrise_over_mountains morning
🌅 sunrise morning nature
🌆 city_sunset cityscape at dusk building
🌇 city_sunrise sunset building dusk
🌉 bridge_at_night
♨️ hotsprings hot springs steaming
🎠 carousel_horse entertainment
🛝 playground_slide amusement park theme
🎡 ferris_wheel amusement park theme
🎢 roller_coaster amusement park theme
💈 barber pole cut fresh haircut
🎪 circus_tent
🚂 steam_locomotive caboose engine railway train
🚃 railway_car electric train tram travel
🚄 bullettrain_side high-speed train railway shinkansen
🚅 bullettrain_front bullet train high-speed nose
🚆 train2 train arrived choo railway
🚇 metro subway travel
🚈 light_rail arrived monorail
🚉 station railway train
🚊 tram trolleybus
🚝 monorail vehicle
🚞 mountain_railway car trip
🚋 train tram car bus trolley
🚌 bus school vehicle
🚍 oncoming_bus cars
🚎 trolleybus tram
🚐 minibus drive van vehicle
🚑 ambulance emergency vehicle
🚒 fire_engine truck
🚓 police_car 5–0 cops patrol
🚔 oncoming_police_car
🚕 taxi cab cabbie car drive
🚖 oncoming_taxi cab cabbie cars drove
🚗 car,red_car automobile driving vehicle
🚘 oncoming_automobile car cars drove vehicle
🚙 blue_car sport utility vehicle drive
🛻 pickup_truck automobile car flatbed transportation
🚚 truck delivery car drive vehicle
🚛 articulated_lorry car drive move semi
🚜 tractor vehicle
🏎️ racing_car zoom
🏍️ motorcycle racing
🛵 motor_scooter
🦽 manual_wheelchair accessibility
🦼 motorized_wheelchair accessibility
🛺 auto_rickshaw tuk
🚲 bike bicycle class cycling gang
🛴 kick_scooter
🛹 skateboard wheels
🛼 roller_skate blades sport
🚏 busstop bus stop
🛣️ motorway highway road
🛤️ railway_track train
🛢️ oil_drum
⛽ fuelpump fuel pump diesel gas
🛞 wheel car circle tire turn
🚨 rotating_light police car alarm alert
🚥 traffic_light horizontal intersection signal stop
🚦 vertical_traffic_light drove intersection signal stop
🛑 stop_sign octagonal
🚧 construction barrier
⚓ anchor ship tool
🛟 ring_buoy float life preserver rescue
⛵ boat,sailboat resort sea yacht
🛶 canoe boat
🚤 speedboat billionaire lake luxury millionaire
🛳️ passenger_ship
⛴️ ferry boat passenger
🛥️ motor_boat
🚢 ship boat passenger travel
✈️ airplane aeroplane fly flying jet
🛩️ small_airplane aeroplane
🛫 flight_departure airplane aeroplane check-in
🛬 flight_arrival airplane aeroplane landing
🪂 parachute hang-glide skydive
💺 seat chair
🚁 helicopter roflcopter travel vehicle
🚟 suspension_railway
🚠 mountain_cableway gondola lift ski
🚡 aerial_tramway cable car gondola ropeway
🛰️ artificial_satellite space
🚀 rocket launch space travel
🛸 flying_saucer aliens extra terrestrial ufo
🛎️ bellhop_bell hotel
🧳 luggage bag packing roller suitcase
⌛ hourglass done sand time
⏳ hourglass_flowing_sand not done timer waiting
⌚ watch clock time
⏰ alarm_clock hours hrs late time
⏱️ stopwatch clock time
⏲️ timer_clock
🕰️ mantelpiece_clock time
🕛 clock12 twelve o’clock 12:00 time
🕧 clock1230 twelve-thirty 12:30 time
🕐 clock1 one o’clock 1:00 time
🕜 clock130 one-thirty 1:30 time
🕑 clock2 two o’clock 2:00 time
🕝 clock230 two-thirty 2:30 time
🕒 clock3 three o’clock 3:00 time
🕞 clock330 three-thirty 3:30 time
🕓 clock4 four o’clock 4:00 time
🕟 clock430 four-thirty 4:30 time
🕔 clock5 five o’clock 5:00 time
🕠 clock530 five-thirty 5:30 time
🕕 clock6 six o’clock 6:00 time
🕡 clock630 six-thirty 6:30
🕖 clock7 seven o’clock 0 7:00
🕢 clock730 seven-thirty 7:30
🕗 clock8 eight o’clock 8:00 time
🕣 clock830 eight-thirty 8:30 time
🕘 clock9 nine o’clock 9:00 time
🕤 clock930 nine-thirty 9:30 time
🕙 clock10 ten o’clock 10:00
🕥 clock1030 ten-thirty 10:30 time
🕚 clock11 eleven o’clock 11:00 time
🕦 clock1130 eleven-thirty 11:30 time
🌑 new_moon dark space
🌒 waxing_crescent_moon dreams space
🌓 first_quarter_moon space
🌔 moon,waxing_gibbous_moon space
🌕 full_moon space
🌖 waning_gibbous_moon space
🌗 last_quarter_moon space
🌘 waning_crescent_moon space
🌙 crescent_moon ramadan space
🌚 new_moon_with_face space
🌛 first_quarter_moon_with_face space
🌜 last_quarter_moon_with_face dreams
🌡️ thermometer weather
☀️ sunny sun bright rays space
🌝 full_moon_with_face bright
🌞 sun_with_face beach bright day heat
🪐 ringed_planet saturn
⭐ star astronomy medium white
🌟 star2 glowing star glittery night
🌠 stars shooting star falling night
🌌 milky_way space
☁️ cloud weather
⛅ partly_sunny sun behind cloud weather
⛈️ cloud_with_lightning_and_rain thunder
🌤️ sun_behind_small_cloud weather
🌥️ sun_behind_large_cloud weather
🌦️ sun_behind_rain_cloud weather
🌧️ cloud_with_rain weather
🌨️ cloud_with_snow cold weather
🌩️ cloud_with_lightning weather
🌪️ tornado cloud weather whirlwind
🌫️ fog cloud weather
🌬️ wind_face blow cloud
🌀 cyclone dizzy hurricane twister typhoon
🌈 rainbow gay genderqueer glbt lesbian
🌂 closed_umbrella clothing rain
☂️ open_umbrella clothing rain
☔ umbrella with rain drops clothing
⛱️ parasol_on_ground umbrella rain sun
⚡ zap high voltage danger electric
❄️ snowflake cold weather
☃️ snowman_with_snow cold
⛄ snowman without snow cold
☄️ comet space
🔥 fire af burn flame hot
💧 droplet cold comic nature sad
🌊 ocean water wave nature surf
= activities
🎃 jack_o_lantern jack-o-lantern celebration halloween pumpkin
🎄 christmas_tree celebration
🎆 fireworks boom celebration entertainment yolo
🎇 sparkler boom celebration fireworks
🧨 firecracker dynamite explosive light pop
✨ sparkles * magic star
🎈 balloon birthday celebrate
🎉 tada party popper awesome birthday
🎊 confetti_ball celebrate party woohoo
🎋 tanabata_tree banner celebration japanese
🎍 bamboo pine decoration celebration japanese
🎎 dolls japanese celebration festival
🎏 flags carp streamer celebration
🎐 wind_chime bell celebration
🎑 rice_scene moon viewing ceremony celebration
🧧 red_envelope gift good hóngbāo lai
🎀 ribbon celebration
🎁 gift wrapped birthday bow box
🎗️ reminder_ribbon celebration
🎟️ tickets admission
🎫 ticket admission stub
🎖️ medal_military award celebration
🏆 trophy champion prize slay sport
🏅 medal_sports award gold winner
🥇 1st_place_medal first gold
🥈 2nd_place_medal second silver
🥉 3rd_place_medal bronze third
⚽ soccer ball football futbol sport
⚾ baseball sport
🥎 softball glove sports underarm
🏀 basketball hoop sport
🏐 volleyball game
🏈 football american bowl sport super
🏉 rugby_football sport
🎾 tennis ball racquet sport
🥏 flying_disc ultimate
🎳 bowling ball game sport strike
🏏 cricket_game ball bat
🏑 field_hockey ball game stick
🏒 ice_hockey game puck stick
🥍 lacrosse ball goal sports stick
🏓 ping_pong ball bat game paddle
🏸 badminton birdie game racquet shuttlecock
🥊 boxing_glove
🥋 martial_arts_uniform judo karate taekwondo
🥅 goal_net
⛳ golf flag in hole sport
⛸️ ice_skate
🎣 fishing_pole_and_fish entertainment sport
🤿 diving_mask scuba snorkeling
🎽 running_shirt_with_sash athletics
🎿 ski skis snow sport
🛷 sled luge sleigh snow toboggan
🥌 curling_stone game rock
🎯 dart bullseye direct entertainment game
🪀 yo_yo yo-yo fluctuate toy
🪁 kite fly soar
🔫 gun water pistol handgun revolver
🎱 8ball pool ball billiard eight
🔮 crystal_ball fairy fantasy fortune future
🪄 magic_wand witch wizard
🎮 video_game controller entertainment
🕹️ joystick game video
🎰 slot_machine casino gamble game
🎲 game_die dice entertainment
🧩 jigsaw puzzle piece clue interlocking
🧸 teddy_bear plaything plush stuffed toy
🪅 pinata piñata candy celebrate cinco
🪩 mirror_ball dance disco glitter party
🪆 nesting_dolls babooshka babushka matryoshka russia
♠️ spades spade suit card game
♥️ hearts heart suit card emotion
♦️ diamonds diamond suit card game
♣️ clubs club suit card game
♟️ chess_pawn dupe expendable
🃏 black_joker card game wildcard
🀄 mahjong red dragon game
🎴 flower_playing_cards game japanese
🎭 performing_arts actor actress entertainment mask
🖼️ framed_picture art museum painting
🎨 art artist palette artsy arty
🧵 thread needle sewing spool string
🪡 sewing_needle embroidery stitches sutures tailoring
🧶 yarn ball crochet knit
🪢 knot cord rope tangled tie
= objects
👓 eyeglasses glasses clothing eyewear
🕶️ dark_sunglasses eye eyewear
🥽 goggles dive eye protection scuba
🥼 lab_coat clothes doctor dr experiment
🦺 safety_vest emergency
👔 necktie clothing employed serious shirt
👕 shirt,tshirt t-shirt blue casual clothes
👖 jeans blue casual clothes denim
🧣 scarf bundle cold neck up
🧤 gloves hand
🧥 coat brr bundle cold jacket
🧦 socks stocking
👗 dress clothes fancy shopping
👘 kimono clothing comfortable
🥻 sari clothing dress
🩱 one_piece_swimsuit one-piece bathing
🩲 swim_brief briefs bathing one-piece suit
🩳 shorts bathing pants suit swimsuit
👙 bikini bathing beach clothing pool
👚 womans_clothes woman’s blouse collar dress
🪭 folding_hand_fan clack clap cool dance
👛 purse clothes coin dress fancy
👜 handbag clothes dress lady purse
👝 pouch clutch bag clothes dress
🛍️ shopping bags hotel
🎒 school_satchel backpack bag bookbag education
🩴 thong_sandal beach flip flop shoe
👞 mans_shoe,shoe man’s brown clothes feet
👟 athletic_shoe running clothes fast kick
🥾 hiking_boot backpacking brown camping outdoors
🥿 flat_shoe ballet comfy slip-on
👠 high_heel high-heeled shoe clothes dress
👡 sandal woman’s clothing shoe
🩰 ballet_shoes dance
👢 boot woman’s clothes dress shoe
🪮 hair_pick afro comb groom
👑 crown clothing family king medieval
👒 womans_hat woman’s clothes garden hats
🎩 tophat top hat clothes fancy
🎓 mortar_board graduation cap celebration clothing
🧢 billed_cap baseball bent dad hat
🪖 military_helmet army soldier war warrior
⛑️ rescue_worker_helmet worker’s aid cross face
📿 prayer_beads clothing necklace religion
💄 lipstick cosmetics date makeup
💍 ring diamond engaged married romance
💎 gem stone diamond engagement jewel
🔇 mute muted speaker quiet silent
🔈 speaker low volume soft sound
🔉 sound speaker medium volume
🔊 loud_sound speaker high volume music
📢 loudspeaker address communication public sound
📣 mega megaphone cheering sound
📯 postal_horn
🔔 bell break church sound
🔕 no_bell with slash forbidden mute
🎼 musical_score note
🎵 musical_note sound
🎶 notes musical sound
🎙️ studio_microphone music
🎚️ level_slider music
🎛️ control_knobs music
🎤 microphone karaoke music sing sound
🎧 headphones headphone earbud sound
📻 radio entertainment tbt video
🎷 saxophone instrument music
🎺 trumpet instrument music
🪊 trombone brass instrument jazz music
🪗 accordion box concertina instrument music
🎸 guitar instrument music strat
🎹 musical_keyboard instrument piano
🎻 violin instrument music
🪕 banjo music stringed
🥁 drum music
🪘 long_drum beat conga instrument rhythm
🪇 maracas cha dance instrument music
🪈 flute band fife flautist instrument
🪉 harp cupid instrument love music
📱 iphone mobile phone cell communication
📲 calling mobile phone with arrow
☎️ phone,telephone
📞 telephone_receiver communication voip
📟 pager communication
📠 fax machine communication
🔋 battery
🪫 low_battery drained electronic energy power
🔌 electric_plug
💻 computer laptop office pc personal
🖥️ desktop_computer monitor
🖨️ printer computer
⌨️ keyboard computer
🖱️ computer_mouse
🖲️ trackball computer
💽 minidisc computer disk optical
💾 floppy_disk computer
💿 cd optical disk blu-ray computer
📀 dvd blu-ray cd computer disk
🧮 abacus calculation
🎥 movie_camera bollywood cinema film hollywood
🎞️ film_strip frames cinema movie
📽️ film_projector cinema movie video
🎬 clapper board action movie
📺 tv television video
📷 camera photo selfie snap tbt
📸 camera_flash with video
📹 video_camera camcorder tbt
📼 vhs videocassette old school tape
🔍 mag magnifying glass tilted left
🔎 mag_right magnifying glass tilted contact
🕯️ candle light
💡 bulb light comic electric idea
🔦 flashlight electric tool torch
🏮 izakaya_lantern,lantern red paper bar light
🪔 diya_lamp light oil
📔 notebook_with_decorative_cover education school writing
📕 closed_book education
📖 book,open_book education fantasy knowledge library
📗 green_book education fantasy library reading
📘 blue_book education fantasy library reading
📙 orange_book education fantasy library reading
📚 books education fantasy knowledge library
📓 notebook
📒 ledger notebook
📃 page_with_curl document paper
📜 scroll paper
📄 page_facing_up document paper
📰 newspaper communication
🗞️ newspaper_roll rolled-up
📑 bookmark_tabs marker
🔖 bookmark
🏷️ label tag
🪙 coin dollar euro gold metal
💰 moneybag money bag bank bet
🪎 treasure_chest gem gold jewels loot
💴 yen banknote bill currency money
💵 dollar banknote bill currency money
💶 euro banknote 100 bill currency
💷 pound banknote bill cash currency
💸 money_with_wings bank bill cash dollar
💳 credit_card bank cash charge money
🧾 receipt accounting bookkeeping evidence invoice
💹 chart increasing with yen bank
✉️ envelope e-mail email letter
📧 e-mail,email e-mail letter
📨 incoming_envelope delivering e-mail email letter
📩 envelope_with_arrow communication down e-mail email
📤 outbox_tray email letter sent
📥 inbox_tray email letter receive zero
📦 package box communication delivery parcel
📫 mailbox closed with raised flag
📪 mailbox_closed with lowered flag postbox
📬 mailbox_with_mail open raised flag postbox
📭 mailbox_with_no_mail open lowered flag postbox
📮 postbox mail
🗳️ ballot_box with
✏️ pencil2 pencil
✒️ black_nib pen
🖋️ fountain_pen
🖊️ pen ballpoint
🖌️ paintbrush
🖍️ crayon
📝 memo,pencil communication media notes
💼 briefcase office
📁 file_folder
📂 open_file_folder
🗂️ card_index_dividers
📅 date calendar
📆 calendar tear-off
🗒️ spiral_notepad
🗓️ spiral_calendar pad
📇 card_index old rolodex school
📈 chart_with_upwards_trend increasing data graph growth
📉 chart_with_downwards_trend decreasing data graph negative
📊 bar_chart data graph
📋 clipboard do list notes
📌 pushpin collage
📍 round_pushpin location map
📎 paperclip
🖇️ paperclips linked
📏 straight_ruler angle edge math
📐 triangular_ruler angle math set slide
✂️ scissors cut cutting paper tool
🗃️ card_file_box
🗄️ file_cabinet filing paper
🗑️ wastebasket can garbage trash
🔒 lock locked closed private
🔓 unlock unlocked cracked open
🔏 lock_with_ink_pen locked nib privacy
🔐 closed_lock_with_key locked bike secure
🔑 key keys lock major password
🗝️ old_key clue lock
🔨 hammer home improvement repairs tool
🪓 axe chop hatchet split wood
⛏️ pick hammer mining tool
⚒️ hammer_and_pick tool
🛠️ hammer_and_wrench spanner tool
🗡️ dagger knife weapon
⚔️ crossed_swords weapon
💣 bomb boom comic dangerous explosion
🪃 boomerang rebound repercussion weapon
🏹 bow_and_arrow archer sagittarius tool weapon
🛡️ shield weapon
🪚 carpentry_saw cut lumber tool trim
🔧 wrench home improvement spanner tool
🪛 screwdriver flathead handy tool
🔩 nut_and_bolt home improvement tool
⚙️ gear cog cogwheel tool
🗜️ clamp compress tool vice
⚖️ balance_scale justice libra tool weight
🦯 probing_cane white accessibility blind
🔗 link
⛓️‍💥 broken_chain break cuffs freedom
⛓️ chains
🪝 hook catch crook curve ensnare
🧰 toolbox chest mechanic red
🧲 magnet attraction horseshoe negative positive
🪜 ladder climb rung step
🪏 shovel bury dig garden hole
⚗️ alembic chemistry tool
🧪 test_tube chemist experiment lab science
🧫 petri_dish bacteria biologist culture lab
🧬 dna biologist evolution gene life
🔬 microscope experiment lab science tool
🔭 telescope contact extraterrestrial science tool
📡 satellite antenna aliens contact dish
💉 syringe doctor flu medicine needle
🩸 drop_of_blood bleed donation injury medicine
💊 pill doctor drugs medicated sick
🩹 adhesive_bandage
🩼 crutch aid cane disability help
🩺 stethoscope doctor heart medicine
🩻 x_ray x-ray bones doctor medical
🚪 door back closet front
🛗 elevator accessibility hoist lift
🪞 mirror makeup reflection speculum
🪟 window air frame fresh opening
🛏️ bed hotel sleep
🛋️ couch_and_lamp hotel
🪑 chair seat sit
🚽 toilet bathroom
🪠 plunger cup force plumber poop
🚿 shower water
🛁 bathtub
🪤 mouse_trap bait cheese lure snare
🪒 razor sharp shave
🧴 lotion_bottle moisturizer shampoo sunscreen
🧷 safety_pin diaper punk rock
🧹 broom cleaning sweeping witch
🧺 basket farming laundry picnic
🧻 roll_of_paper toilet towels
🪣 bucket cask pail vat
🧼 soap bar bathing clean lather
🫧 bubbles burp clean floating pearl
🪥 toothbrush bathroom clean dental hygiene
🧽 sponge absorbing cleaning porous soak
🧯 fire_extinguisher quench
🛒 shopping_cart trolley
🚬 smoking cigarette
⚰️ coffin dead death vampire
🪦 headstone cemetery dead grave memorial
⚱️ funeral_urn ashes death
🧿 nazar_amulet bead blue charm evil-eye
🪬 hamsa amulet fatima fortune guide
🗿 moyai moai face statue stoneface
🪧 placard demonstration notice picket plaque
🪪 identification_card credentials document license security
= symbols
🏧 atm sign automated bank cash
🚮 put_litter_in_its_place bin sign
🚰 potable_water drinking
♿ wheelchair symbol access handicap
🚹 mens men’s room bathroom lavatory
🚺 womens women’s room bathroom lavatory
🚻 restroom bathroom lavatory toilet wc
🚼 baby_symbol changing
🚾 wc water closet bathroom lavatory
🛂 passport_control
🛃 customs packing
🛄 baggage_claim arrived bags case checked
🛅 left_luggage baggage case locker
⚠️ warning caution
🚸 children_crossing pedestrian traffic
⛔ no_entry do fail forbidden not
🚫 no_entry_sign prohibited forbidden not smoke
🚳 no_bicycles bike forbidden not prohibited
🚭 no_smoking forbidden not prohibited
🚯 do_not_litter no littering forbidden prohibited
🚱 non-potable_water non-potable dry prohibited
🚷 no_pedestrians forbidden not prohibited
📵 no_mobile_phones cell forbidden not prohibited
🔞 underage no one under eighteen
☢️ radioactive sign
☣️ biohazard sign
⬆️ arrow_up cardinal direction north
↗️ arrow_upper_right up-right direction intercardinal northeast
➡️ arrow_right cardinal direction east
↘️ arrow_lower_right down-right direction intercardinal southeast
⬇️ arrow_down cardinal direction south
↙️ arrow_lower_left down-left direction intercardinal southwest
⬅️ arrow_left cardinal direction west
↖️ arrow_upper_left up-left direction intercardinal northwest
↕️ arrow_up_down up-down
↔️ left_right_arrow left-right
↩️ leftwards_arrow_with_hook right curving left
↪️ arrow_right_hook left curving
⤴️ arrow_heading_up right curving
⤵️ arrow_heading_down right curving
🔃 arrows_clockwise vertical refresh reload
🔄 arrows_counterclockwise button again anticlockwise deja
🔙 back arrow
🔚 end arrow
🔛 on on! arrow mark
🔜 soon arrow brb omw
🔝 top arrow homie up
🛐 place_of_worship pray religion
⚛️ atom_symbol atheist
🕉️ om hindu religion
✡️ star_of_david jew jewish judaism religion
☸️ wheel_of_dharma buddhist religion
☯️ yin_yang difficult lives religion tao
✝️ latin_cross christ religion
☦️ orthodox_cross christian religion
☪️ star_and_crescent islam muslim ramadan religion
☮️ peace_symbol healing
🕎 menorah candelabrum hanukkah jewish judaism
🔯 six_pointed_star dotted six-pointed fortune jewish
🪯 khanda deg fateh khalsa religion
♈ aries horoscope ram zodiac
♉ taurus bull horoscope ox zodiac
♊ gemini horoscope twins zodiac
♋ cancer crab horoscope zodiac
♌ leo horoscope lion zodiac
♍ virgo horoscope zodiac
♎ libra balance horoscope justice scales
♏ scorpius scorpio horoscope zodiac
♐ sagittarius archer horoscope zodiac
♑ capricorn goat horoscope zodiac
♒ aquarius bearer horoscope water zodiac
♓ pisces fish horoscope zodiac
⛎ ophiuchus bearer serpent snake zodiac
🔀 twisted_rightwards_arrows shuffle tracks button crossed
🔁 repeat button arrow clockwise
🔂 repeat_one single button arrow clockwise
▶️ arrow_forward play button right triangle
⏩ fast_forward fast-forward button arrow double
⏭️ next_track_button arrow scene triangle
⏯️ play_or_pause_button arrow right triangle
◀️ arrow_backward reverse button left triangle
⏪ rewind fast reverse button arrow
⏮️ previous_track_button last arrow scene triangle
🔼 arrow_up_small upwards button red
⏫ arrow_double_up fast button
🔽 arrow_down_small downwards button red
⏬ arrow_double_down fast button
⏸️ pause_button bar double vertical
⏹️ stop_button square
⏺️ record_button circle
⏏️ eject_button
🎦 cinema camera film movie
🔅 low_brightness dim button
🔆 high_brightness bright button light
📶 signal_strength antenna bars cell communication
🛜 wireless broadband computer connectivity hotspot
📳 vibration_mode cell communication mobile phone
📴 mobile_phone_off cell telephone
♀️ female_sign woman
♂️ male_sign man
⚧️ transgender_symbol
✖️ heavy_multiplication_x multiply cancel sign ×
➕ heavy_plus_sign +
➖ heavy_minus_sign - math −
➗ heavy_division_sign divide math ÷
🟰 heavy_equals_sign answer math
♾️ infinity forever unbounded universal
‼️ bangbang double exclamation mark !
⁉️ interrobang exclamation question mark !
❓ question red mark ? punctuation
❔ grey_question white mark ? outlined
❕ grey_exclamation white mark ! outlined
❗ exclamation,heavy_exclamation_mark red ! punctuation
〰️ wavy_dash punctuation
💱 currency_exchange bank money
💲 heavy_dollar_sign billion cash charge currency
⚕️ medical_symbol aesculapius staff
♻️ recycle recycling symbol
⚜️ fleur_de_lis fleur-de-lis knights
🔱 trident emblem anchor poseidon ship
📛 name_badge
🔰 beginner japanese symbol for chevron
⭕ o hollow red circle heavy
✅ white_check_mark button complete done fixed
☑️ ballot_box_with_check done off tick ✓
✔️ heavy_check_mark done tick ✓
❌ x cross mark cancel multiplication
❎ negative_squared_cross_mark button multiplication x ×
➰ curly_loop
➿ loop double curly
〽️ part_alternation_mark
✳️ eight_spoked_asterisk eight-spoked *
✴️ eight_pointed_black_star eight-pointed *
❇️ sparkle *
©️ copyright
®️ registered
™️ tm trade mark
🫟 splatter drip holi ink liquid
#️⃣ hash keycap
*️⃣ asterisk keycap
0️⃣ zero keycap 0
1️⃣ one keycap 1
2️⃣ two keycap 2
3️⃣ three keycap 3
4️⃣ four keycap 4
5️⃣ five keycap 5
6️⃣ six keycap 6
7️⃣ seven keycap 7
8️⃣ eight keycap 8
9️⃣ nine keycap 9
🔟 keycap_ten 10
🔠 capital_abcd input latin uppercase letters
🔡 abcd input latin lowercase letters
🔢 1234 input numbers
🔣 symbols input % & ♪
🔤 abc input latin letters alphabet
🅰️ a button blood type
🆎 ab button blood type
🅱️ b button blood type
🆑 cl button
🆒 cool button
🆓 free button
ℹ️ information_source
🆔 id button identity
Ⓜ️ m circled
🆕 new button
🆖 ng button
🅾️ o2 button blood type
🆗 ok button okay
🅿️ parking button
🆘 sos button help
🆙 up up! button mark
🆚 vs button versus
🈁 koko japanese “here” button katakana
🈂️ sa japanese “service charge” button
🈷️ u6708 japanese “monthly amount” button
🈶 u6709 japanese “not free of charge” button
🈯 u6307 japanese “reserved” button ideograph
🉐 ideograph_advantage japanese “bargain” button
🈹 u5272 japanese “discount” button ideograph
🈚 u7121 japanese “free of charge” button
🈲 u7981 japanese “prohibited” button ideograph
🉑 accept japanese “acceptable” button ideograph
🈸 u7533 japanese “application” button ideograph
🈴 u5408 japanese “passing grade” button
🈳 u7a7a japanese “vacancy” button ideograph
㊗️ congratulations japanese “congratulations” button ideograph
㊙️ secret japanese “secret” button ideograph
🈺 u55b6 japanese “open for business” button
🈵 u6e80 japanese “no vacancy” button
🔴 red_circle geometric
🟠 orange_circle
🟡 yellow_circle
🟢 green_circle
🔵 large_blue_circle geometric
🟣 purple_circle
🟤 brown_circle
⚫ black_circle geometric
⚪ white_circle geometric
🟥 red_square card penalty
🟧 orange_square
🟨 yellow_square card penalty
🟩 green_square
🟦 blue_square
🟪 purple_square
🟫 brown_square
⬛ black_large_square geometric
⬜ white_large_square geometric
◼️ black_medium_square geometric
◻️ white_medium_square geometric
◾ black_medium_small_square medium-small geometric
◽ white_medium_small_square medium-small geometric
▪️ black_small_square geometric
▫️ white_small_square geometric
🔶 large_orange_diamond geometric
🔷 large_blue_diamond geometric
🔸 small_orange_diamond geometric
🔹 small_blue_diamond geometric
🔺 small_red_triangle pointed up geometric
🔻 small_red_triangle_down pointed geometric
💠 diamond_shape_with_a_dot_inside comic geometric
🔘 radio_button geometric
🔳 white_square_button geometric outlined
🔲 black_square_button geometric
= flags
regions ACADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCNCOCPCQCRCUCVCWCXCYCZDEDGDJDKDMDODZEAECEEEGEHERESETEUFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUICIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTATCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUNUSUYUZVAVCVEVGVIVNVUWFWSXKYEYTZAZMZW
🏁 checkered_flag flag
🚩 triangular_flag_on_post flag
🎌 crossed_flags flag
🏴 black_flag flag
🏳️ white_flag flag
🏳️‍🌈 rainbow_flag flag
🏳️‍⚧️ transgender_flag flag
🏴‍☠️ pirate_flag flag
🏴󠁧󠁢󠁥󠁮󠁧󠁿 england flag
🏴󠁧󠁢󠁳󠁣󠁴󠁿 scotland flag
🏴󠁧󠁢󠁷󠁬󠁳󠁿 wales flag
`;
